"""How a case is written down.

A name of the form `story > step` belongs to a story: its steps share the shop's state. Every other case starts in
a fresh shop, so that one answer that differs can't make the next ones differ.
"""

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

STAFF = {"authorization": "Bearer staff-token"}
CUSTOMER = {"authorization": "Bearer customer-token"}

# Ids of the shop's first day.
ATLAS, HOSE, KNIFE, PRESS = (f"00000000-0000-4000-8000-00000000000{n}" for n in range(1, 5))
NOBODY = "00000000-0000-4000-8000-999999999999"


@dataclass
class Case:
    name: str
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


def get(name: str, path: str, headers: dict[str, str] | None = None) -> Case:
    return Case(name, "GET", path, headers or {})


def send(name: str, method: str, path: str, value: Any, headers: dict[str, str] | None = None) -> Case:
    """A request with a JSON body."""
    return raw(name, method, path, dump(value), {"content-type": "application/json", **(headers or {})})


def raw(name: str, method: str, path: str, body: bytes | str | None, headers: dict[str, str] | None = None) -> Case:
    return Case(name, method, path, headers or {}, body.encode() if isinstance(body, str) else body)


def dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class _Drop:
    def __repr__(self) -> str:
        return "absent"


DROP: Any = _Drop()


def edited(body: Any, edits: dict[str, Any]) -> Any:
    """A copy of `body` with `edits` applied: `{"lines.0.quantity": 0, "buyer": DROP}`."""
    body = copy.deepcopy(body)
    for path, value in edits.items():
        *parents, last = (int(it) if it.isdigit() else it for it in path.split("."))
        place = body
        for step in parents:
            place = place[step]
        if value is DROP:
            del place[last]
        else:
            place[last] = value
    return body


def label(value: Any) -> str:
    text = repr(value) if value is DROP else dump(value).decode()
    return text if len(text) <= 40 else f"{text[:36]}… ({len(text)} characters)"


def sweep(
    what: str,
    method: str,
    path: str,
    base: Any,
    values: dict[str, Iterable[Any]],
    headers: dict[str, str] | None = None,
) -> Iterator[Case]:
    """One request for each value of each field, the rest of the body being `base`."""
    for place, choices in values.items():
        for value in choices:
            yield send(f"{what}: {place} = {label(value)}", method, path, edited(base, {place: value}), headers)


def queries(what: str, path: str, texts: Iterable[str], headers: dict[str, str] | None = None) -> Iterator[Case]:
    """One request for each query string, which is quoted but for what a query needs."""
    for text in texts:
        yield get(f"{what}: ?{text}", f"{path}?{quote(text, safe='=&+%[]')}", headers)
