class Tool
end
