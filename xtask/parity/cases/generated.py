"""Requests made up from the OpenAPI document.

Half of them are what the document allows; the other half are the same with one thing spoilt. Seeds are fixed and no
example database is kept, so that the pinned versions of hypothesis give the same requests each time.
"""

import copy
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema

from .build import ATLAS, HOSE, KNIFE, NOBODY, PRESS, STAFF, Case, dump, raw

BODIES_PER_ROUTE = 5
QUERIES_PER_ROUTE = 5
# A request that is echoed by several problems makes a long line; the point is made with a short one.
MOST_BYTES = 450

# Ids that mostly exist: otherwise nearly every order would end at its first product.
IDS = st.sampled_from([ATLAS, HOSE, KNIFE, PRESS, KNIFE, ATLAS, NOBODY])
FORMATS = {"uuid": IDS}
# The document says of a decimal that it is a number or any text, without its digits: nearly all would be refused.
PRICES = ["9.90", "12.5", 3, 0.5, "0.01", "999999.99", "1000"]
JUNK: list[Any] = [None, True, 0, -1, 1.5, 10**18, "", "x", "12", "2026-01-01", [], {}, [None], {"x": 1}]


def cases(document: dict[str, Any]) -> Iterator[Case]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            what = f"generated: {method.upper()} {path}"
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                schema = resolved(content["application/json"]["schema"], document)
                yield from with_bodies(what, method.upper(), path, operation, schema, document)
            elif operation.get("parameters") and not content:
                yield from without_bodies(what, method.upper(), path, operation, document)


def with_bodies(
    what: str, method: str, path: str, operation: dict[str, Any], schema: Any, document: dict[str, Any]
) -> Iterator[Case]:
    dice = random.Random(what)
    bodies = from_schema(schema, custom_formats=FORMATS).filter(lambda it: len(dump(it)) <= MOST_BYTES)
    requests = st.tuples(parameters(operation, document), bodies)
    for number, (values, body) in enumerate(drawn(requests, BODIES_PER_ROUTE)):
        target, headers = addressed(path, operation, values)
        headers = {**headers, "content-type": "application/json"}
        yield raw(f"{what}, valid {number}", method, target, dump(body), headers)
        yield raw(f"{what}, spoilt {number}", method, target, dump(spoilt(body, dice)), headers)


def without_bodies(
    what: str, method: str, path: str, operation: dict[str, Any], document: dict[str, Any]
) -> Iterator[Case]:
    for number, values in enumerate(drawn(parameters(operation, document), QUERIES_PER_ROUTE)):
        target, headers = addressed(path, operation, values)
        yield raw(f"{what}, {number}", method, target, None, headers)


def drawn[T](strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """At most `count` different values: small schemas have fewer."""
    found: dict[str, T] = {}

    @seed(6)
    @settings(
        max_examples=count * 3,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: T) -> None:
        found.setdefault(repr(value), value)

    collect()
    return list(found.values())[:count]


def parameters(operation: dict[str, Any], document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Each parameter as the document has it, or in one of five cases junk."""
    junk = st.sampled_from([it for it in JUNK if isinstance(it, str | int | float) and it != ""])
    required: dict[Any, Any] = {}
    optional: dict[Any, Any] = {}
    for it in operation.get("parameters", []):
        valid = from_schema(resolved(it["schema"], document), custom_formats=FORMATS)
        strategy = st.one_of(junk, *[valid] * 4)
        # Without its value a path is another path; everything else can be left away.
        (required if it["in"] == "path" or it["required"] else optional)[it["name"], it["in"]] = strategy
    return st.fixed_dictionaries(required, optional=optional)


def addressed(path: str, operation: dict[str, Any], values: dict[Any, Any]) -> tuple[str, dict[str, str]]:
    """The path with its query, and the headers."""
    headers = dict(STAFF) if "security" in operation else {}
    query: list[tuple[str, str]] = []
    for (name, place), value in values.items():
        if place == "path":
            path = path.replace(f"{{{name}}}", quote(plain(value), safe=""))
        elif place == "header":
            headers[name] = plain(value)
        elif value is not None:
            query += [(name, plain(it)) for it in (value if isinstance(value, list) else [value])]
    return path + ("?" + urlencode(query) if query else ""), headers


def plain(value: Any) -> str:
    return value if isinstance(value, str) else dump(value).decode()


def spoilt(body: Any, dice: random.Random) -> Any:
    """A copy of `body` in which one place is gone, is something else, or is there in addition."""
    body = copy.deepcopy(body)
    places = [(body, it) for it in keys(body)]
    for parent, key in places:
        places += [(parent[key], it) for it in keys(parent[key])]
    if not places:
        return dice.choice(JUNK)
    parent, key = dice.choice(places)
    match dice.randrange(5):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, dict):
            parent["x-unknown"] = dice.choice(JUNK)
        case _:
            parent[key] = dice.choice(JUNK)
    return body


def keys(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def resolved(schema: Any, document: dict[str, Any]) -> Any:
    """The schema with its references replaced: none of ours is recursive."""
    if isinstance(schema, list):
        return [resolved(it, document) for it in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return resolved(document["components"]["schemas"][name], document)
    # These hold values, not schemas, or mean nothing in JSON Schema; no request depends on them.
    idle = ("discriminator", "examples", "default")
    kept = {key: resolved(it, document) for key, it in schema.items() if key not in idle}
    # Tags make our alternatives exclude each other anyhow, and proving it anew for each value takes minutes.
    if "oneOf" in kept:
        kept["anyOf"] = kept.pop("oneOf")
    if {"type": "string"} in kept.get("anyOf", []):
        kept["anyOf"] = [{"enum": PRICES}, *(it for it in kept["anyOf"] if it.get("type") == "null")]
    # Unknown fields come from `spoilt`, one at a time; here they would be most of every body.
    if "properties" in kept:
        kept["additionalProperties"] = False
    if "maxItems" in kept:
        kept["maxItems"] = min(kept["maxItems"], 3)
    return kept
