"""Orders: nested lists, a union by tag, a header, datetimes, an optional body, a background task."""

from collections.abc import Iterator
from typing import Any

from .build import ATLAS, CUSTOMER, DROP, HOSE, KNIFE, NOBODY, PRESS, Case, edited, get, queries, raw, send, sweep

STORE = {"x-store-id": "7"}
CARD = {"kind": "card", "number": "424242424242", "holder": "Ada", "expires": "2028-01-31"}
VOUCHER = {"kind": "voucher", "code": NOBODY, "amount": "5.00"}
TRANSFER = {"kind": "transfer", "iban": "DE02120300000000202051"}
ADDRESS = {"street": "Kai 1", "city": "Kiel", "postcode": "24103", "country": "DE"}
ORDER = {
    "buyer": {"name": "Ada", "email": "ada@a.org"},
    "lines": [{"product_id": KNIFE, "quantity": 2}, {"product_id": ATLAS, "quantity": 1}],
    "payment": CARD,
    "ship_to": ADDRESS,
}
# For sweeps, whose body comes back in most answers.
SHORT = {
    **ORDER,
    "lines": [{"product_id": KNIFE, "quantity": 2}],
    "payment": {"kind": "transfer", "iban": "DE0212030000000"},
}


def cases() -> Iterator[Case]:
    yield from place()
    yield from read()
    yield from cancel()


def place() -> Iterator[Case]:
    yield send("order place: least", "POST", "/orders", ORDER, STORE)
    yield from sweep(
        "order place",
        "POST",
        "/orders",
        SHORT,
        {
            "buyer": [DROP, None, {}, [], "Ada"],
            "buyer.name": [DROP, "", "x" * 81, 1],
            "buyer.email": ["ada", "a b@example.org", "ada@example.org\n", "ada@example.ORG", None],
            "buyer.phone": [None, "+49 30 1234", "030", "call me", 301234567],
            "lines": [
                DROP, None, [], {}, "x", [None], [[]], [{}], [{}, {"quantity": "x"}],
                [None] * 21,
                [{"product_id": PRESS, "quantity": 4}] * 2,
            ],
            "payment": [
                DROP, None, {}, [], "card", VOUCHER, TRANSFER, {**CARD, "kind": "cash"},
                {**CARD, "kind": None}, {**CARD, "kind": 1}, {"kind": "card"}, {"kind": "voucher"}, {"kind": "Card"},
                {"kind": ["card"]},
            ],
            "payment.iban": ["DE02"],
            "ship_to": [DROP, None, {}, edited(ADDRESS, {"country": DROP})],
            "ship_to.country": ["de", "US", None, ""],
            "ship_to.postcode": [10115, "1", "١٠١١٥", "24103\n"],
            "deliver_on": [None, "2026-02-01", "2026-02-01T00:00:00", "x"],
            "requested_at": [
                None, "2026-01-15T10:00:00Z", "2026-01-15T10:00:00+02:00", "2026-01-15T10:00:00", "2026-01-15T10:00",
                "2026-01-15 10:00:00.123456Z", "2026-01-15T10:00:00.1234567Z",
                "2026-01-15T24:00:00Z", "2026-01-15T10:00:60Z", "2026-01-15", "2026-01-15t10:00:00z",
                "2026-01-15T10:00:00+25:00", "2026-02-30T10:00:00Z", "", "now", 1768471200,
                1768471200.5, "1768471200", True, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
            ],
            "gift": [None, True, 1, 2, 1.0, "yes", "OFF", "", []],
            "note": [None, "", "x" * 200, "x" * 201, "\u0000", "日本語 🪁"],
            "loyalty_card": ["ignored"],
        },
        STORE,
    )  # fmt: skip
    yield from sweep(
        "order place",
        "POST",
        "/orders",
        ORDER,
        {
            "lines.0.product_id": [NOBODY, HOSE, "x", "", 3, None, KNIFE.replace("-", ""), DROP],
            "lines.1.quantity": [0, 100, 101, "2", "two", 1.5, True, None, DROP, 10**20],
            "lines.1.engraving": [None, "", "x" * 31, 1],
            "lines.1.colour": ["red"],
            "payment.number": ["4242", "4242 4242 4242 4242", 4242424242424242],
            "payment.expires": ["01/28", "2028-02-30"],
        },
        STORE,
    )  # fmt: skip
    for what, amount in {
        "number": 5,
        "exponent": "1e2",
        "zero": 0,
        "three places": "5.001",
        "word": "five",
        "ends in 0": "5.10",
    }.items():
        yield send(
            f"order place: voucher amount, {what}",
            "POST",
            "/orders",
            {**ORDER, "payment": {**VOUCHER, "amount": amount}},
            STORE,
        )
    for store in ("1", "0", "1000", "x", "", "1.0", "-1"):
        yield send(f"order place: X-Store-Id = {store!r}", "POST", "/orders", ORDER, {"x-store-id": store})
    yield send("order place: no store", "POST", "/orders", ORDER)
    yield send(
        "order place: no store, unknown product", "POST", "/orders", edited(ORDER, {"lines.0.product_id": NOBODY})
    )
    yield send(
        "order place: header and nested body",
        "POST",
        "/orders",
        {
            "buyer": {"email": "x"},
            "lines": [{"product_id": KNIFE, "quantity": 1}, {"product_id": "x", "quantity": 0}, 5],
            "payment": {"kind": "card", "number": "1", "expires": "never"},
            "ship_to": {"street": "", "postcode": "x", "country": "US"},
            "deliver_on": "x",
            "requested_at": "2026-01-15T10:00:00",
            "gift": "maybe",
            "note": 7,
        },
        {"x-store-id": "many"},
    )
    yield raw("order place: no body, no store", "POST", "/orders", None)

    life = "order life"
    yield send(f"{life} > place", "POST", "/orders", ORDER, STORE)
    yield get(f"{life} > receipt", "/outbox")
    yield get(f"{life} > read", "/orders/1003")
    yield get(f"{life} > stock went down", f"/products/{KNIFE}/availability?on=2026-01-15&quantity=1")
    yield send(
        f"{life} > too many", "POST", "/orders", edited(ORDER, {"lines.0.quantity": 100, "lines.1.quantity": 12}), STORE
    )
    yield get(f"{life} > nothing was taken", f"/products/{KNIFE}/availability?on=2026-01-15&quantity=1")
    yield send(f"{life} > cancel", "POST", "/orders/1003/cancellation", {"reason": "changed my mind"})
    yield send(f"{life} > cancel again", "POST", "/orders/1003/cancellation", {"reason": "changed my mind"})
    yield get(f"{life} > events", "/orders/1003/events")
    yield get(f"{life} > list cancelled", "/orders?status=cancelled", CUSTOMER)
    yield send(f"{life} > bad order", "POST", "/orders", {}, STORE)
    yield get(f"{life} > no receipt for it", "/outbox")


def read() -> Iterator[Case]:
    yield get("outbox: empty", "/outbox")
    yield get("order list: plain", "/orders", CUSTOMER)
    yield from queries(
        "order list",
        "/orders",
        [
            "status=placed", "status=placed&status=shipped", "status=lost", "status=placed&status=lost&status=",
            "status=",
            "deliver_from=2026-01-21", "deliver_to=2026-01-20&deliver_from=2026-01-20", "deliver_from=x&deliver_to=y",
            "limit=1&offset=1", "limit=0&status=x&deliver_to=1.5",
        ],
        CUSTOMER,
    )  # fmt: skip
    for what, value in {
        "none": None,
        "empty": "",
        "scheme alone": "Bearer",
        "scheme and a space": "Bearer ",
        "basic": "Basic YTpi",
        "lower case": "bearer customer-token",
        "two spaces": "Bearer  customer-token",
        "three words": "Bearer customer-token x",
        "unknown": "Bearer nobody",
        "token alone": "customer-token",
        "tab": "Bearer\tcustomer-token",
    }.items():
        headers = {} if value is None else {"authorization": value}
        yield get(f"token: {what}", "/orders", headers)
        if what in ("none", "unknown"):
            yield get(f"token: {what}, bad query", "/orders?limit=x&status=y", headers)
    for number in (
        "1001",
        "1002",
        "9999",
        "0",
        "-1",
        "x",
        "1001.0",
        "1001.5",
        "%201001",
        "1_001",
        "01001",
        "+1001",
        "99999999999999999999",
    ):
        yield get(f"order read: {number}", f"/orders/{number}")
    for number in ("1001", "1002", "9999", "x", "0"):
        yield get(f"order events: {number}", f"/orders/{number}/events")


def cancel() -> Iterator[Case]:
    path = "/orders/1001/cancellation"
    json = {"content-type": "application/json"}
    yield raw("cancel: no body", "POST", path, None)
    yield raw("cancel: no body, JSON type", "POST", path, None, json)
    yield raw("cancel: empty body, JSON type", "POST", path, b"", json)
    yield raw("cancel: blank body, JSON type", "POST", path, b" ", json)
    reasons: tuple[Any, ...] = ({}, {"reason": "too late"}, {"reason": "no"}, {"reason": None}, {"reason": 5, "x": 1})
    values: tuple[Any, ...] = (None, *reasons, [], "reason", 0, False)
    for value in values:
        yield send(f"cancel: {value!r}", "POST", path, value)
    yield send("cancel: shipped", "POST", "/orders/1002/cancellation", None)
    yield send("cancel: unknown", "POST", "/orders/9999/cancellation", None)
    yield send("cancel: path and body", "POST", "/orders/x/cancellation", {"reason": ""})
