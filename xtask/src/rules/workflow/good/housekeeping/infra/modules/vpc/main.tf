# VPC
