"""Products that are replaced, changed and deleted: a required header, a partial body, tokens and roles."""

from collections.abc import Iterator

from .build import CUSTOMER, KNIFE, NOBODY, STAFF, Case, get, send, sweep
from .products import FULL, LEAST

VERSION_1 = {**STAFF, "x-expected-version": "1"}


def cases() -> Iterator[Case]:
    put = f"/products/{KNIFE}"
    yield send("product replace: fine", "PUT", put, {**FULL, "sku": "KIT-0003"}, VERSION_1)
    yield send("product replace: stale", "PUT", put, FULL, {**STAFF, "x-expected-version": "7"})
    yield send("product replace: sku of another", "PUT", put, {**FULL, "sku": "BOO-0001"}, VERSION_1)
    yield send("product replace: unknown product", "PUT", f"/products/{NOBODY}", FULL, VERSION_1)
    for version in ("", "0", "-1", "one", "1.0", "1.5", " 1 ", "+1", "1,2", "99999999999999999999999"):
        yield send(
            f"product replace: X-Expected-Version = {version!r}",
            "PUT",
            put,
            LEAST,
            {**STAFF, "x-expected-version": version},
        )
    yield send("product replace: no version", "PUT", put, FULL, STAFF)
    yield send(
        "product replace: underscore in the header's name", "PUT", put, FULL, {**STAFF, "x_expected_version": "1"}
    )
    yield send("product replace: path, header and body", "PUT", "/products/x", {"sku": "", "x": 1}, STAFF)
    yield send("product replace: path, header and body, no token", "PUT", "/products/x", {"sku": ""})

    yield from sweep(
        "product change",
        "PATCH",
        put,
        {},
        {
            "name": [None, "Knife", "", 1],
            "price": [None, 20, "20.5", 0, "0.001"],
            "stock": [None, 0, "5", -1],
            "tags": [None, [], ["a", ""], "a"],
            "colour": ["red"],
        },
        STAFF,
    )
    yield send("product change: nothing", "PATCH", put, {}, STAFF)
    yield send("product change: unknown product", "PATCH", f"/products/{NOBODY}", {}, STAFF)
    yield send("product change: unknown product, bad body", "PATCH", f"/products/{NOBODY}", {"stock": "x"}, STAFF)
    yield send("product change: customer", "PATCH", put, {"stock": 1}, CUSTOMER)

    yield Case("product delete: fine", "DELETE", put, STAFF)
    yield Case("product delete: unknown", "DELETE", f"/products/{NOBODY}", STAFF)
    yield Case("product delete: bad id", "DELETE", "/products/x", STAFF)
    yield Case("product delete: no token", "DELETE", put)
    yield Case("product delete: no token, bad id", "DELETE", "/products/x")
    yield Case("product delete: customer", "DELETE", put, CUSTOMER)
    yield Case("product delete: with a body", "DELETE", put, {**STAFF, "content-type": "application/json"}, b"{")

    life = "product life"
    fifth = "/products/00000000-0000-4000-8000-000000000005"
    yield send(f"{life} > create", "POST", "/products", FULL, STAFF)
    yield get(f"{life} > read", fifth)
    yield send(f"{life} > create again", "POST", "/products", FULL, STAFF)
    yield send(f"{life} > change", "PATCH", fifth, {"stock": 9, "price": 12.5}, STAFF)
    yield send(f"{life} > replace at the old version", "PUT", fifth, FULL, VERSION_1)
    yield send(f"{life} > replace", "PUT", fifth, LEAST, {**STAFF, "x-expected-version": "2"})
    yield get(f"{life} > list", "/products?sort=newest&limit=2&offset=3")
    yield get(f"{life} > too early", f"{fifth}/availability?on=2026-01-01&quantity=1")
    yield Case(f"{life} > delete", "DELETE", fifth, STAFF)
    yield get(f"{life} > read after", fifth)
    yield Case(f"{life} > delete again", "DELETE", fifth, STAFF)
    yield send(f"{life} > the next one gets a new id", "POST", "/products", LEAST, STAFF)
