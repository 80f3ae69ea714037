"""The requests of the corpus, in the order they are sent."""

from typing import Any

from . import (
    bodies,
    customers,
    generated,
    http,
    orders,
    product_changes,
    product_reads,
    products,
    shipping,
    uploads,
)
from .build import Case


def all_cases(document: dict[str, Any]) -> list[Case]:
    cases = [
        *products.cases(),
        *product_reads.cases(),
        *product_changes.cases(),
        *uploads.cases(),
        *orders.cases(),
        *customers.cases(),
        *shipping.cases(),
        *bodies.cases(),
        *http.cases(),
        *generated.cases(document),
    ]
    names = [it.name for it in cases]
    if twice := sorted({it for it in names if names.count(it) > 1}):
        raise SystemExit(f"two cases have one name: {twice}; rename one in xtask/parity/cases/")
    return cases
