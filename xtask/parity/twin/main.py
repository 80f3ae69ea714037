"""A small shop in FastAPI, the twin of the same shop in the Rust template.

It uses what a FastAPI user uses on day one and nothing to make the comparison easy. The handlers are `async`
and never wait, so that requests cannot overtake each other.
"""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import BackgroundTasks, FastAPI, File, Form, Header, HTTPException, Path, Query, Response, UploadFile
from fastapi.responses import StreamingResponse

from .deps import PageDep, StaffDep, UserDep
from .models import (
    Availability,
    CancellationIn,
    Card,
    Category,
    CategoryOut,
    CustomerIn,
    CustomerOut,
    ImageOut,
    Message,
    OrderIn,
    OrderOut,
    OrderPage,
    OrderStatus,
    Payment,
    ProblemMessage,
    ProductIn,
    ProductOut,
    ProductPage,
    ProductPatch,
    QuoteIn,
    QuoteOut,
    Receipt,
    Sort,
    Tag,
)
from .shop import CENT, NOW, shop

app = FastAPI(title="Shop", version="1.0.0", description="A small shop, written twice.")

NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Message, "description": "Not found"}}
CONFLICT: dict[int | str, dict[str, Any]] = {409: {"model": ProblemMessage, "description": "Conflict"}}


@app.post("/__reset", status_code=204, include_in_schema=False)
async def reset() -> None:
    """Puts the shop back to its first day. Not in the document: it is the recorder's, not the API's."""
    shop.reset()


# --- products ---------------------------------------------------------------


@app.get("/products", tags=["products"], summary="List products")
async def list_products(
    page: PageDep,
    q: Annotated[str | None, Query(min_length=2, max_length=40)] = None,
    category: Category | None = None,
    tag: Annotated[list[Tag], Query(max_length=3)] = [],
    in_stock: bool | None = None,
    max_price: Annotated[Decimal | None, Query(gt=0)] = None,
    available_on: date | None = None,
    sort: Sort = Sort.name,
) -> ProductPage:
    found = [
        it
        for it in shop.products.values()
        if (q is None or q.lower() in it["name"].lower())
        and (category is None or it["category"] == category)
        and all(wanted in it["tags"] for wanted in tag)
        and (in_stock is None or (it["stock"] > 0) == in_stock)
        and (max_price is None or it["price"] <= max_price)
        and (available_on is None or it["available_from"] is None or it["available_from"] <= available_on)
    ]
    # sort() is stable: equal prices, and everything that is equally new, stay in order of creation.
    if sort is Sort.name:
        found.sort(key=lambda it: it["name"])
    elif sort is Sort.price:
        found.sort(key=lambda it: it["price"])
    else:
        found.sort(key=lambda it: it["created_at"], reverse=True)
    return ProductPage(
        items=[ProductOut(**it) for it in found[page.offset : page.offset + page.limit]],
        total=len(found),
        limit=page.limit,
        offset=page.offset,
    )


@app.post("/products", status_code=201, tags=["products"], responses=CONFLICT)
async def create_product(body: ProductIn, _: StaffDep, response: Response) -> ProductOut:
    if shop.sku_owner(body.sku) is not None:
        raise HTTPException(409, {"code": "sku_taken", "message": f"SKU {body.sku} is in use"})
    product = shop.add_product(stored(body))
    response.headers["Location"] = f"/products/{product['id']}"
    return ProductOut(**product)


@app.get("/products/{product_id}", tags=["products"], responses=NOT_FOUND)
async def get_product(product_id: UUID) -> ProductOut:
    return ProductOut(**find_product(product_id))


@app.put("/products/{product_id}", tags=["products"], responses=NOT_FOUND | CONFLICT)
async def replace_product(
    product_id: UUID,
    body: ProductIn,
    _: StaffDep,
    x_expected_version: Annotated[int, Header(ge=1)],
) -> ProductOut:
    product = find_product(product_id)
    if product["version"] != x_expected_version:
        raise HTTPException(409, {"code": "stale", "message": f"The product is at version {product['version']}"})
    if shop.sku_owner(body.sku) not in (None, product_id):
        raise HTTPException(409, {"code": "sku_taken", "message": f"SKU {body.sku} is in use"})
    product.update(stored(body), version=product["version"] + 1, updated_at=NOW)
    return ProductOut(**product)


@app.patch("/products/{product_id}", tags=["products"], responses=NOT_FOUND)
async def change_product(product_id: UUID, body: ProductPatch, _: StaffDep) -> ProductOut:
    product = find_product(product_id)
    changes = body.model_dump(exclude_none=True)
    if "price" in changes:
        changes["price"] = changes["price"].quantize(CENT)
    if changes:
        product.update(changes, version=product["version"] + 1, updated_at=NOW)
    return ProductOut(**product)


@app.delete("/products/{product_id}", status_code=204, tags=["products"], responses=NOT_FOUND)
async def delete_product(product_id: UUID, _: StaffDep) -> None:
    find_product(product_id)
    del shop.products[product_id]


@app.get("/products/{product_id}/availability", tags=["products"], responses=NOT_FOUND)
async def get_availability(
    product_id: UUID,
    on: date,
    quantity: Annotated[int, Query(ge=1, le=100)],
) -> Availability:
    product = find_product(product_id)
    ready = product["available_from"] is None or product["available_from"] <= on
    return Availability(
        product_id=product_id,
        on=on,
        available=ready and product["stock"] >= quantity,
        left=product["stock"],
    )


@app.post(
    "/products/{product_id}/image",
    status_code=201,
    tags=["products"],
    responses=NOT_FOUND | {415: {"model": Message, "description": "Not an image"}},
)
async def upload_image(
    product_id: UUID,
    file: Annotated[UploadFile, File(description="PNG or JPEG")],
    caption: Annotated[str | None, Form(max_length=80)] = None,
    position: Annotated[int, Form(ge=0, le=9)] = 0,
) -> ImageOut:
    find_product(product_id)
    if file.content_type not in ("image/png", "image/jpeg"):
        raise HTTPException(415, "Only PNG and JPEG images are taken")
    data = await file.read()
    return ImageOut(
        filename=file.filename or "",
        content_type=file.content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        caption=caption,
        position=position,
    )


@app.get("/categories/{category}", tags=["products"])
async def get_category(category: Category) -> CategoryOut:
    prices = [it["price"] for it in shop.products.values() if it["category"] == category]
    return CategoryOut(category=category, products=len(prices), cheapest=min(prices, default=None))


# --- customers --------------------------------------------------------------


@app.post(
    "/customers",
    status_code=201,
    tags=["customers"],
    response_model=CustomerOut,
    responses={409: {"model": Message, "description": "Conflict"}},
)
async def register_customer(body: CustomerIn) -> dict[str, Any]:
    if any(it["email"] == body.email for it in shop.customers.values()):
        raise HTTPException(409, "Email already registered")
    # With the password: response_model drops what CustomerOut doesn't name.
    return shop.add_customer(body.model_dump())


# --- orders -----------------------------------------------------------------


@app.get("/orders", tags=["orders"])
async def list_orders(
    _: UserDep,
    page: PageDep,
    status: Annotated[list[OrderStatus], Query()] = [],
    deliver_from: date | None = None,
    deliver_to: date | None = None,
) -> OrderPage:
    found = [
        it
        for it in shop.orders.values()
        if (not status or it["status"] in status)
        and (deliver_from is None or (it["deliver_on"] is not None and it["deliver_on"] >= deliver_from))
        and (deliver_to is None or (it["deliver_on"] is not None and it["deliver_on"] <= deliver_to))
    ]
    return OrderPage(
        items=[OrderOut(**it) for it in found[page.offset : page.offset + page.limit]],
        total=len(found),
        limit=page.limit,
        offset=page.offset,
    )


@app.post("/orders", status_code=201, tags=["orders"], responses=NOT_FOUND | CONFLICT)
async def place_order(
    body: OrderIn,
    x_store_id: Annotated[int, Header(ge=1, le=999)],
    tasks: BackgroundTasks,
    response: Response,
) -> OrderOut:
    lines = []
    taken: Counter[UUID] = Counter()
    for line in body.lines:
        product = find_product(line.product_id)
        taken[line.product_id] += line.quantity
        if product["stock"] < taken[line.product_id]:
            raise HTTPException(
                409, {"code": "out_of_stock", "message": f"{product['stock']} left of {product['sku']}"}
            )
        lines.append(
            line.model_dump() | {"unit_price": product["price"], "line_total": product["price"] * line.quantity}
        )
    # Only now, when every line was judged: an order that fails takes nothing.
    for product_id, quantity in taken.items():
        shop.products[product_id]["stock"] -= quantity
    order = shop.add_order(
        body.model_dump()
        | {
            "status": OrderStatus.placed,
            "store_id": x_store_id,
            "lines": lines,
            "payment": shown(body.payment),
            "requested_at": body.requested_at and body.requested_at.astimezone(UTC),
            "total": sum((it["line_total"] for it in lines), Decimal(0)),
        }
    )
    tasks.add_task(send_receipt, order["number"])
    response.headers["Location"] = f"/orders/{order['number']}"
    return OrderOut(**order)


@app.get("/orders/{number}", tags=["orders"], responses=NOT_FOUND)
async def get_order(number: Annotated[int, Path(ge=1)]) -> OrderOut:
    return OrderOut(**find_order(number))


@app.post(
    "/orders/{number}/cancellation",
    tags=["orders"],
    responses=NOT_FOUND | {409: {"model": Message, "description": "Conflict"}},
)
async def cancel_order(number: Annotated[int, Path(ge=1)], body: CancellationIn | None = None) -> OrderOut:
    order = find_order(number)
    if order["status"] is not OrderStatus.placed:
        raise HTTPException(409, f"Order is {order['status']}")
    order.update(status=OrderStatus.cancelled, cancel_reason=body and body.reason)
    return OrderOut(**order)


@app.get(
    "/orders/{number}/events",
    tags=["orders"],
    response_class=StreamingResponse,
    responses=NOT_FOUND | {200: {"content": {"application/x-ndjson": {}}, "description": "One event a line"}},
)
async def stream_events(number: Annotated[int, Path(ge=1)]) -> StreamingResponse:
    order = find_order(number)

    async def lines() -> AsyncIterator[str]:
        yield f'{{"order":{number},"event":"placed"}}\n'
        if order["status"] is not OrderStatus.placed:
            yield f'{{"order":{number},"event":"{order["status"]}"}}\n'

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@app.get("/outbox", tags=["orders"], summary="Receipts that were sent")
async def list_receipts() -> list[Receipt]:
    return shop.outbox


# --- shipping ---------------------------------------------------------------


@app.post("/shipping/quotes", tags=["shipping"])
async def quote_shipping(body: QuoteIn) -> QuoteOut:
    weight = sum(it.weight_kg for it in body.parcels)
    insured = sum(body.insured.values(), Decimal(0)).quantize(CENT)
    base = Decimal("4.90") if body.service == "standard" else Decimal("9.90")
    return QuoteOut(
        **body.model_dump(include={"reference", "destination", "service", "pickup_at"}),
        parcels=len(body.parcels),
        weight_kg=weight,
        insured=insured,
        price=base * len(body.parcels),
    )


# --- helpers ----------------------------------------------------------------


def find_product(product_id: UUID) -> dict[str, Any]:
    if (product := shop.products.get(product_id)) is None:
        raise HTTPException(404, "Product not found")
    return product


def find_order(number: int) -> dict[str, Any]:
    if (order := shop.orders.get(number)) is None:
        raise HTTPException(404, "Order not found")
    return order


def stored(body: ProductIn) -> dict[str, Any]:
    """Prices are kept with two places, whatever way they were written."""
    return body.model_dump() | {"price": body.price.quantize(CENT)}


def shown(payment: Payment) -> dict[str, Any]:
    """A card's number never comes back."""
    if isinstance(payment, Card):
        return {"kind": "card", "holder": payment.holder, "last_digits": payment.number[-4:]}
    return payment.model_dump()


async def send_receipt(number: int) -> None:
    """Runs after the answer was sent. `async`: one that ran in a thread could lose to the next request."""
    order = shop.orders[number]
    shop.outbox.append(Receipt(order=number, to=order["buyer"]["email"], text=f"Your order over {order['total']}"))
