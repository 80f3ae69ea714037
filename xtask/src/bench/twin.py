"""The item resource in FastAPI, as its users write it: what a service is measured beside.

It checks what the template's example checks and answers with the same JSON. What the service has beyond that (request ids,
metrics, security headers, a log in JSON) is left out: each would make FastAPI slower.
"""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import FastAPI, Header, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()


class Content(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
    quantity: Annotated[int, Field(ge=0, le=1_000_000)]


class Item(BaseModel):
    id: UUID
    name: str
    quantity: int
    version: int
    created_at: datetime
    updated_at: datetime


items: dict[UUID, Item] = {}


@app.get("/health/ready")
async def ready() -> str:
    return "ready"


@app.post("/api/v1/items", status_code=201)
async def create_item(content: Content, response: Response) -> Item:
    now = datetime.now(UTC)
    item = Item(id=uuid4(), **content.model_dump(), version=1, created_at=now, updated_at=now)
    items[item.id] = item
    response.headers["location"] = f"/api/v1/items/{item.id}"
    response.headers["etag"] = f'"{item.version}"'
    return item


@app.get("/api/v1/items/{id}")
async def read_item(id: UUID, response: Response) -> Item:
    item = items.get(id)
    if item is None:
        raise HTTPException(404, "item not found")
    response.headers["etag"] = f'"{item.version}"'
    return item


@app.put("/api/v1/items/{id}")
async def replace_item(
    id: UUID, content: Content, response: Response, if_match: Annotated[str | None, Header()] = None
) -> Item:
    if if_match is None:
        raise HTTPException(428, "If-Match is missing")
    item = items.get(id)
    if item is None:
        raise HTTPException(404, "item not found")
    tags = [tag.strip() for tag in if_match.split(",")]
    if "*" not in tags and f'"{item.version}"' not in tags:
        raise HTTPException(412, "the item has changed")
    items[id] = item = Item(
        id=id,
        name=content.name,
        quantity=content.quantity,
        version=item.version + 1,
        created_at=item.created_at,
        updated_at=datetime.now(UTC),
    )
    response.headers["etag"] = f'"{item.version}"'
    return item
