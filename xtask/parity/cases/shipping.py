"""Shipping quotes: a list of a union by tag, floats, a map of decimals, naive datetimes."""

from collections.abc import Iterator

from .build import DROP, KNIFE, Case, send, sweep

BOX = {"shape": "box", "weight_kg": 2.5, "width_mm": 300, "height_mm": 200, "depth_mm": 100}
TUBE = {"shape": "tube", "weight_kg": 0.7, "length_mm": 900, "diameter_mm": 80}
QUOTE = {"parcels": [BOX, TUBE], "destination": "FR", "pickup_at": "2026-01-16T08:00:00Z"}


def cases() -> Iterator[Case]:
    yield send("quote: least", "POST", "/shipping/quotes", QUOTE)
    yield send(
        "quote: full",
        "POST",
        "/shipping/quotes",
        {**QUOTE, "service": "express", "insured": {"box": "100.00", "tube": 20.5}, "reference": KNIFE},
    )
    yield from sweep(
        "quote",
        "POST",
        "/shipping/quotes",
        QUOTE,
        {
            "parcels": [
                DROP, None, [], {}, [{}], [1, BOX, None], [{**BOX, "shape": "ball"}],
                [TUBE, {"shape": "tube"}, {"shape": "box"}], [TUBE] * 11,
            ],
            "parcels.0.weight_kg": [
                DROP, None, 0, 0.5, 1000, 1000.5, 0.3, 1e-300, 1e308, "2.5", " 2.5 ", "1e1", "1_0", "heavy", "", "nan",
                "inf", "-inf", True, [], 10**400,
            ],
            "parcels.1.weight_kg": [100, 99.99, 0.1, 1e16, 3],
            "parcels.0.width_mm": [0, 2**31, 2**63, 2**64, "300", 300.0],
            "parcels.1.shape": [DROP, None, "box", "TUBE"],
            "parcels.1.colour": ["red"],
            "destination": [DROP, "fr", None],
            "service": ["standard", "express", "overnight", "", None, 1],
            "pickup_at": [
                DROP, None, "2026-01-16T08:00:00", "2026-01-16T08:00:00.5", "2026-01-16T08:00:00+05:30", "2026-01-16",
                "08:00", "x", 1768550400, 1768550400.25, -1, "1768550400", 10**20, False,
            ],
            "insured": [None, {}, [], {"a": 0}, {"a": "x", "b": 1}, {"a": 0.1, "b": 0.2}],
            "reference": [
                None, KNIFE, "ABCDEF00-0000-4000-8000-00000000000A", f"{{{KNIFE}}}", "urn:uuid:" + KNIFE, "x", "", 1,
            ],
        },
    )  # fmt: skip
