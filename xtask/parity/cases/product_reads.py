"""Products that are looked at: every kind of path and query parameter."""

from collections.abc import Iterator

from .build import HOSE, KNIFE, NOBODY, Case, get, queries


def cases() -> Iterator[Case]:
    yield get("product list: plain", "/products")
    yield from queries(
        "product list",
        "/products",
        [
            "q=café", "q=a", "q=", "q=" + "x" * 41, "q=a+b", "q=%00%01", "q=knife&q=hose", "Q=knife",
            "category=kitchen", "category=KITCHEN", "category=", "category=cars", "category=cars&category=toys",
            "tag=gift", "tag=gift&tag=maps", "tag=", "tag=a&tag=&tag=" + "x" * 21, "tag=a&tag=b&tag=c&tag=d",
            "tag[]=gift&offset=3",
            "in_stock=true&limit=1", "in_stock=0", "in_stock=ON&limit=1", "in_stock=No", "in_stock=y&limit=1",
            "in_stock=t&limit=1", "in_stock=2",
            "in_stock=", "in_stock=maybe", "in_stock=1.0", "in_stock= true", "in_stock=null",
            "max_price=20", "max_price=18.00", "max_price=0", "max_price=-1", "max_price=1e1", "max_price=cheap",
            "max_price=", "max_price=nan", "max_price=inf",
            "available_on=2026-01-01", "available_on=2026-02-30", "available_on=0&offset=3", "available_on=",
            "available_on=2026-01-01T00:00:00Z&offset=3",
            "sort=price&offset=3", "sort=newest&offset=3", "sort=size", "sort=price&sort=size",
            "limit=1", "limit=100&offset=3", "limit=101", "limit=0", "limit=", "limit=ten", "limit=5.0",
            "limit=5.5", "limit= 5&offset=3",
            "limit=%2B5&offset=3", "limit=1&limit=x", "offset=2&limit=1", "offset=-1", "offset=99999999999999999999",
            "limit=0&offset=-1&q=a&category=cars&tag=&in_stock=maybe&max_price=0&available_on=x&sort=y",
            "unknown=1&limit=1", "&&limit=1", "limit", "limit=5;offset=1",
        ],
    )  # fmt: skip
    yield get("product read: known", f"/products/{KNIFE}")
    for what, id in {
        "unknown": NOBODY,
        "upper case": "00000000-0000-4000-8000-00000000000A",
        "simple": KNIFE.replace("-", ""),
        "braces": "%7B" + KNIFE + "%7D",
        "urn": "urn:uuid:" + KNIFE,
        "short": KNIFE[:-1],
        "long": KNIFE + "0",
        "not hex": "g" + KNIFE[1:],
        "word": "knife",
        "misplaced hyphen": "0000000-00000-4000-8000-000000000003",
        "number": "3",
        "unicode": "%C3%A9",
        "encoded slash": "a%2Fb",
        "space": "%20" + KNIFE,
    }.items():
        yield get(f"product read: {what}", f"/products/{id}")
    for category in ("kitchen", "toys", "Kitchen", "cars", "%20toys"):
        yield get(f"category: {category}", f"/categories/{category}")
    path = f"/products/{KNIFE}/availability"
    yield get("availability: no query", path)
    yield from queries(
        "availability",
        path,
        [
            "on=2026-01-01&quantity=5", "on=2026-01-01&quantity=100", "on=2026-01-01", "quantity=5",
            "on=2026-01-01&quantity=0", "on=2026-01-01&quantity=101", "on=x&quantity=x", "on=&quantity=",
            "on=2026-1-1&quantity=1", "on=1767225600&quantity=1", "on=1767225601&quantity=1", "on=null&quantity=null",
        ],
    )  # fmt: skip
    yield get("availability: bad path and query", "/products/x/availability?on=y&quantity=z")
    yield get("availability: unknown product", f"/products/{NOBODY}/availability?on=2026-01-01&quantity=1")
    yield get("availability: sold out", f"/products/{HOSE}/availability?on=2026-01-01&quantity=1")
