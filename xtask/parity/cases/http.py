"""Paths and methods that lead nowhere."""

from collections.abc import Iterator

from .build import KNIFE, Case, get


def cases() -> Iterator[Case]:
    for path in (
        "/", "/nowhere", "/Products", "/products/", "/products//", "//products", f"/products/{KNIFE}/", "/orders/1001/",
        "/orders/", "/products/x/y", "/shipping", "/products?", "/products/../orders", "/%70roducts", "/products%2F",
        "/openapi.yaml",
    ):  # fmt: skip
        yield get(f"path: {path}", path)
    for method, path in (
        ("PUT", "/products"), ("DELETE", "/products"), ("POST", f"/products/{KNIFE}"), ("HEAD", "/products"),
        ("OPTIONS", "/products"), ("HEAD", f"/products/{KNIFE}"), ("PATCH", "/orders/1001"), ("GET", "/customers"),
        ("POST", "/outbox"), ("GET", "/shipping/quotes"), ("POST", "/categories/toys"), ("DELETE", "/orders"),
        ("BREW", "/products"), ("GET", "/orders/1001/cancellation"), ("POST", "/nowhere"), ("GET", "/__reset"),
    ):  # fmt: skip
        yield Case(f"method: {method} {path}", method, path)
