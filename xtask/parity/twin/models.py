"""What goes into the shop and what comes out of it.

Input and output models are apart wherever the server adds, computes or hides something.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Money = Annotated[Decimal, Field(gt=0, max_digits=8, decimal_places=2)]
Tag = Annotated[str, Field(min_length=1, max_length=20)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$")]


class Category(StrEnum):
    books = "books"
    garden = "garden"
    kitchen = "kitchen"
    toys = "toys"


class Country(StrEnum):
    de = "DE"
    fr = "FR"
    nl = "NL"


class Sort(StrEnum):
    name = "name"
    price = "price"
    newest = "newest"


class OrderStatus(StrEnum):
    placed = "placed"
    shipped = "shipped"
    cancelled = "cancelled"


# --- products ---------------------------------------------------------------


class Dimensions(BaseModel):
    width_mm: int = Field(ge=1, le=5000)
    height_mm: int = Field(ge=1, le=5000)
    depth_mm: int | None = Field(default=None, ge=1, le=5000)


class ProductIn(BaseModel):
    """A product as the staff enters it. Unknown fields are refused: a typo must not be lost."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"sku": "KIT-0100", "name": "Kettle", "category": "kitchen", "price": "24.90"}]
        },
    )

    sku: str = Field(pattern=r"^[A-Z]{3}-[0-9]{4}$", examples=["KIT-0100"])
    name: str = Field(min_length=1, max_length=120, examples=["Kettle"])
    description: str | None = Field(default=None, max_length=500)
    category: Category
    price: Money = Field(examples=["24.90"])
    stock: int = Field(default=0, ge=0, le=1_000_000)
    reorder_at: int | None = Field(default=None, ge=0, multiple_of=10)
    tags: list[Tag] = Field(default=[], max_length=8)
    dimensions: Dimensions | None = None
    attributes: dict[str, str] = Field(default={}, description="Free key-value pairs.")
    available_from: date | None = None


class ProductPatch(BaseModel):
    """The fields to change. One that is absent or null is left as it is."""

    name: str | None = Field(default=None, min_length=1, max_length=120)
    price: Money | None = None
    stock: int | None = Field(default=None, ge=0, le=1_000_000)
    tags: list[Tag] | None = Field(default=None, max_length=8)


class ProductOut(BaseModel):
    id: UUID
    version: int
    sku: str
    name: str
    description: str | None
    category: Category
    price: Decimal
    stock: int
    reorder_at: int | None
    tags: list[str]
    dimensions: Dimensions | None
    attributes: dict[str, str]
    available_from: date | None
    created_at: datetime
    updated_at: datetime


class ProductPage(BaseModel):
    items: list[ProductOut]
    total: int
    limit: int
    offset: int


class Availability(BaseModel):
    product_id: UUID
    on: date
    available: bool
    left: int


class CategoryOut(BaseModel):
    category: Category
    products: int
    cheapest: Decimal | None


class ImageOut(BaseModel):
    filename: str
    content_type: str
    size: int
    sha256: str
    caption: str | None
    position: int


# --- customers --------------------------------------------------------------


class Address(BaseModel):
    street: str = Field(min_length=1, max_length=100)
    city: str = Field(min_length=1, max_length=60)
    postcode: str = Field(pattern=r"^[0-9]{4,6}$")
    country: Country = Country.de


class CustomerIn(BaseModel):
    email: Email = Field(examples=["ada@example.org"])
    password: str = Field(min_length=8, max_length=64)
    full_name: str = Field(min_length=1, max_length=80)
    birthday: date | None = None
    newsletter: bool = False
    discount_percent: int = Field(default=0, ge=0, le=50, multiple_of=5)
    addresses: list[Address] = Field(default=[], max_length=3)


class CustomerOut(BaseModel):
    """The customer as others may see it. The handler returns the password too; this drops it."""

    id: UUID
    email: str
    full_name: str
    birthday: date | None
    newsletter: bool
    discount_percent: int
    addresses: list[Address]
    registered_at: datetime


# --- orders -----------------------------------------------------------------


class Buyer(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    email: Email
    phone: str | None = Field(default=None, pattern=r"^\+?[0-9 ]{6,20}$")


class OrderLineIn(BaseModel):
    product_id: UUID
    quantity: int = Field(ge=1, le=100)
    engraving: str | None = Field(default=None, max_length=30)


class Card(BaseModel):
    kind: Literal["card"]
    number: str = Field(pattern=r"^[0-9]{12,19}$")
    holder: str = Field(min_length=2, max_length=80)
    expires: date


class Transfer(BaseModel):
    kind: Literal["transfer"]
    iban: str = Field(min_length=15, max_length=34)


class Voucher(BaseModel):
    kind: Literal["voucher"]
    code: UUID
    amount: Money


Payment = Annotated[Card | Transfer | Voucher, Field(discriminator="kind")]


class OrderIn(BaseModel):
    """An order as a customer sends it. Unknown fields are ignored: old apps send more than we read."""

    model_config = ConfigDict(extra="ignore")

    buyer: Buyer
    lines: list[OrderLineIn] = Field(min_length=1, max_length=20)
    payment: Payment
    ship_to: Address
    deliver_on: date | None = None
    requested_at: AwareDatetime | None = None
    gift: bool = False
    note: str | None = Field(default=None, max_length=200)


class CardOut(BaseModel):
    kind: Literal["card"]
    holder: str
    last_digits: str


class OrderLineOut(BaseModel):
    product_id: UUID
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    engraving: str | None


class OrderOut(BaseModel):
    number: int
    status: OrderStatus
    store_id: int
    buyer: Buyer
    lines: list[OrderLineOut]
    payment: Annotated[CardOut | Transfer | Voucher, Field(discriminator="kind")]
    ship_to: Address
    deliver_on: date | None
    requested_at: datetime | None
    gift: bool
    note: str | None
    total: Decimal
    placed_at: datetime
    cancel_reason: str | None


class OrderPage(BaseModel):
    items: list[OrderOut]
    total: int
    limit: int
    offset: int


class CancellationIn(BaseModel):
    reason: str = Field(min_length=3, max_length=100)


class Receipt(BaseModel):
    order: int
    to: str
    text: str


# --- shipping ---------------------------------------------------------------


class Box(BaseModel):
    shape: Literal["box"]
    weight_kg: float = Field(gt=0, le=1000, multiple_of=0.5)
    width_mm: int = Field(ge=1)
    height_mm: int = Field(ge=1)
    depth_mm: int = Field(ge=1)


class Tube(BaseModel):
    shape: Literal["tube"]
    weight_kg: float = Field(gt=0, lt=100)
    length_mm: int = Field(ge=1)
    diameter_mm: int = Field(ge=1)


Parcel = Annotated[Box | Tube, Field(discriminator="shape")]


class QuoteIn(BaseModel):
    parcels: list[Parcel] = Field(min_length=1, max_length=10)
    destination: Country
    service: Literal["standard", "express"] = "standard"
    pickup_at: datetime
    insured: dict[str, Money] = {}
    reference: UUID | None = None


class QuoteOut(BaseModel):
    reference: UUID | None
    destination: Country
    service: Literal["standard", "express"]
    pickup_at: datetime
    parcels: int
    weight_kg: float
    insured: Decimal
    price: Decimal


class Message(BaseModel):
    """What an HTTPException answers, for the document."""

    detail: str


class Problem(BaseModel):
    """An HTTPException whose detail is an object."""

    code: str
    message: str


class ProblemMessage(BaseModel):
    detail: Problem
