"""Customers: flags, steps of five, a list of addresses, and a password that never comes back."""

from collections.abc import Iterator

from .build import DROP, Case, edited, send, sweep
from .orders import ADDRESS

CUSTOMER_BODY = {"email": "ada@example.org", "password": "correct horse", "full_name": "Ada Lovelace"}


def cases() -> Iterator[Case]:
    yield send("customer: least", "POST", "/customers", CUSTOMER_BODY)
    yield send(
        "customer: full",
        "POST",
        "/customers",
        {
            **CUSTOMER_BODY,
            "birthday": "1815-12-10",
            "newsletter": True,
            "discount_percent": 15,
            "addresses": [ADDRESS, edited(ADDRESS, {"country": DROP})],
        },
    )
    yield from sweep(
        "customer",
        "POST",
        "/customers",
        {**CUSTOMER_BODY, "addresses": [ADDRESS]},
        {
            "email": [DROP, "x", "ada@example.org ", "x" * 250 + "@a.de"],
            "password": [DROP, "short", "x" * 65, "pässwörd", None],
            "birthday": ["1815-12-10", "0000-01-01", "9999-12-31", "10000-01-01", -86400],
            "newsletter": ["on", "n", 3, None],
            "discount_percent": [5, 7, 55, -5, 52, "10", "12"],
            "addresses": [None, [ADDRESS] * 4, [ADDRESS, {}], {"0": ADDRESS}],
            "addresses.0.street": [None, "", DROP],
        },
    )
    story = "customer twice"
    yield send(f"{story} > first", "POST", "/customers", CUSTOMER_BODY)
    yield send(f"{story} > same email", "POST", "/customers", {**CUSTOMER_BODY, "full_name": "Another"})
    yield send(f"{story} > same email, bad body", "POST", "/customers", edited(CUSTOMER_BODY, {"password": DROP}))
