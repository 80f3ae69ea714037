"""Products that are made: strings, integers, decimals, dates, enums, lists, maps and nested models."""

from collections.abc import Iterator

from .build import CUSTOMER, DROP, KNIFE, STAFF, Case, raw, send, sweep

LEAST = {"sku": "TOY-0100", "name": "Kite", "category": "toys", "price": "9.90"}
FULL = {
    **LEAST,
    "description": "Flies.",
    "stock": 3,
    "reorder_at": 20,
    "tags": ["wind", "gift"],
    "dimensions": {"width_mm": 900, "height_mm": 600, "depth_mm": None},
    "attributes": {"colour": "red"},
    "available_from": "2026-03-01",
}
# For sweeps, whose body comes back in most answers.
SHORT = {**LEAST, "dimensions": {"width_mm": 9, "height_mm": 6}}


def cases() -> Iterator[Case]:
    yield send("product create: least", "POST", "/products", LEAST, STAFF)
    yield send("product create: full", "POST", "/products", FULL, STAFF)
    yield send("product create: sku taken", "POST", "/products", {**LEAST, "sku": "BOO-0001"}, STAFF)
    yield from sweep(
        "product create",
        "POST",
        "/products",
        SHORT,
        {
            "sku": [DROP, None, "", "toy-0100", "TOY-0100\n", "TOY-01000", 7, ["TOY-0100"]],
            "name": [DROP, None, "", "x", "x" * 120, "x" * 121, "é" * 120, "🪁" * 121, 5, True, {}],
            "description": [None, "", "x" * 501, 1.5],
            "category": [DROP, None, "Toys", "", 1, ["toys"]],
            "price": [
                DROP,
                None,
                1,
                1.5,
                19.99,
                "19.99",
                " 5 ",
                "0",
                0,
                -1,
                "-0.01",
                "1e2",
                "1E-2",
                "0.001",
                1.001,
                "123456.78",
                "1234567.8",
                "12345678",
                "123456789",
                123456789,
                "NaN",
                "Infinity",
                "abc",
                "",
                "1_0",
                True,
                [],
                "0x10",
                "１２",
            ],
            "stock": [
                None,
                0,
                1_000_000,
                1_000_001,
                -1,
                "12",
                " 12 ",
                "+7",
                "1_000",
                "007",
                "1.0",
                "1.5",
                "",
                "x",
                3.0,
                3.5,
                1e3,
                True,
                False,
                [],
                {},
                10**30,
                -(10**30),
            ],
            "reorder_at": [None, 0, 15, 10, -10, -5, "20", "25", 2.5],
            "tags": [None, [], "gift", {}, [""], ["a", "", "x" * 21], ["a"] * 9, [1, None, "ok"], ["a", ["b"]]],
            "dimensions": [DROP, None, {}, [], "big", {"width_mm": 0, "height_mm": 5001}, {"width_mm": "1"}],
            "dimensions.depth_mm": [1, "x", 0],
            "dimensions.weight": [1],
            "attributes": [None, [], {"a": "b"}, {"a": 1}, {"a": None, "b": "x", "": ["y"]}],
            "available_from": [
                None,
                "2026-02-29",
                "2024-02-29",
                "2026-13-01",
                "2026-1-1",
                "20260101",
                "tomorrow",
                "",
                0,
                86400,
                1,
                "86400",
                "2026-01-01T00:00:00",
                "2026-01-01T00:00:00Z",
                "2026-01-01T10:00:00",
                "2026-01-01 ",
                True,
                1.5,
                10**12,
            ],
            "colour": ["red"],
            "id": [KNIFE],
        },
        STAFF,
    )
    yield send(
        "product create: many problems",
        "POST",
        "/products",
        {
            "sku": "x",
            "category": "cars",
            "price": "free",
            "stock": -1,
            "reorder_at": 7,
            "tags": ["ok", "", 3],
            "dimensions": {"width_mm": 0, "depth_mm": "deep"},
            "attributes": {"a": 1},
            "available_from": "soon",
            "colour": "red",
            "size": "L",
        },
        STAFF,
    )
    yield send("product create: names in other case", "POST", "/products", {"SKU": "TOY-0100", "Name": "Kite"}, STAFF)
    yield send("product create: no token", "POST", "/products", LEAST)
    yield send("product create: no token, bad body", "POST", "/products", {})
    yield send("product create: customer", "POST", "/products", LEAST, CUSTOMER)
    yield send("product create: customer, bad body", "POST", "/products", {}, CUSTOMER)
    yield raw(
        "product create: no token, malformed body", "POST", "/products", "{", {"content-type": "application/json"}
    )
