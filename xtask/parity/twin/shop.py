"""The shop's memory: everything that outlives a request.

Ids come from a counter and the clock stands still, so that the same requests give the same bytes.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from .models import Category, OrderStatus, Receipt

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
CENT = Decimal("0.01")


class Shop:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Four products and two orders. Dicts keep the order of insertion, which lists rely on."""
        self._last_id = 0
        self._last_number = 1000
        self.products: dict[UUID, dict[str, Any]] = {}
        self.customers: dict[UUID, dict[str, Any]] = {}
        self.orders: dict[int, dict[str, Any]] = {}
        self.outbox: list[Receipt] = []
        for sku, name, category, price, stock, tags in (
            ("BOO-0001", "Atlas of Rivers", Category.books, "39.90", 12, ["maps", "gift"]),
            ("GAR-0002", "Garden Hose", Category.garden, "24.50", 0, ["water"]),
            ("KIT-0003", "Bread Knife", Category.kitchen, "18.00", 250, ["steel", "gift"]),
            ("KIT-0004", "Café Press", Category.kitchen, "45.00", 7, []),
        ):
            self.add_product(
                {
                    "sku": sku,
                    "name": name,
                    "description": None,
                    "category": category,
                    "price": Decimal(price),
                    "stock": stock,
                    "reorder_at": None,
                    "tags": tags,
                    "dimensions": None,
                    "attributes": {},
                    "available_from": None,
                }
            )
        knife = UUID(int=ID_BASE + 3)
        for status in (OrderStatus.placed, OrderStatus.shipped):
            self.add_order(
                {
                    "status": status,
                    "store_id": 1,
                    "buyer": {"name": "Ada", "email": "ada@example.org", "phone": None},
                    "lines": [
                        {
                            "product_id": knife,
                            "quantity": 2,
                            "unit_price": Decimal("18.00"),
                            "line_total": Decimal("36.00"),
                            "engraving": None,
                        }
                    ],
                    "payment": {"kind": "transfer", "iban": "DE02120300000000202051"},
                    "ship_to": {
                        "street": "Main St 1",
                        "city": "Berlin",
                        "postcode": "10115",
                        "country": "DE",
                    },
                    "deliver_on": date(2026, 1, 20),
                    "requested_at": None,
                    "gift": False,
                    "note": None,
                    "total": Decimal("36.00"),
                }
            )

    def next_id(self) -> UUID:
        self._last_id += 1
        return UUID(int=ID_BASE + self._last_id)

    def add_product(self, fields: dict[str, Any]) -> dict[str, Any]:
        product = {"id": self.next_id(), "version": 1, "created_at": NOW, "updated_at": NOW, **fields}
        self.products[product["id"]] = product
        return product

    def add_customer(self, fields: dict[str, Any]) -> dict[str, Any]:
        customer = {"id": self.next_id(), "registered_at": NOW, **fields}
        self.customers[customer["id"]] = customer
        return customer

    def add_order(self, fields: dict[str, Any]) -> dict[str, Any]:
        self._last_number += 1
        order = {"number": self._last_number, "placed_at": NOW, "cancel_reason": None, **fields}
        self.orders[order["number"]] = order
        return order

    def sku_owner(self, sku: str) -> UUID | None:
        return next((id for id, it in self.products.items() if it["sku"] == sku), None)


# A version 4 UUID of zeros; the counter fills its last digits.
ID_BASE = UUID("00000000-0000-4000-8000-000000000000").int

shop = Shop()
