"""Bodies that are no JSON, and JSON that comes under another name."""

from collections.abc import Iterator

from .build import STAFF, Case, dump, raw
from .customers import CUSTOMER_BODY

PATH = "/customers"
JSON = {"content-type": "application/json"}

MALFORMED: dict[str, str | bytes] = {
    "blank": " ",
    "open object": "{",
    "open list": "[",
    "open string": '{"email": "ada',
    "open key": '{"ema',
    "no value": '{"email":}',
    "no value, end": '{"email":',
    "no colon": '{"email" "x"}',
    "no comma": '{"email": "x" "password": "y"}',
    "no comma in a list": "[1 2]",
    "trailing comma": '{"email": "x",}',
    "trailing comma in a list": "[1,]",
    "comma, end": '{"email": "x",',
    "key without quotes": '{email: "x"}',
    "single quotes": "{'email': 'x'}",
    "two values": "{} {}",
    "text after": '{"email": "x"}x',
    "word": "hello",
    "cut word": "tru",
    "python word": "None",
    "comment": '{} // "x"',
    "bad escape": '{"email": "\\x"}',
    "short unicode escape": '{"email": "\\u12"}',
    "bad unicode escape": '{"email": "\\u12zz"}',
    "line break in a string": '{"email": "a\nb"}',
    "tab in a string": '{"email": "a\tb"}',
    "leading zero": '{"email": 01}',
    "plus": '{"email": +1}',
    "bare point": '{"email": 1.}',
    "bare exponent": '{"email": 1e}',
    "minus": "-",
    "after many lines": '{\n  "email": "x",\n  "password": oops\n}',
    "after unicode": '{"email": "日本語🪁", x}',
    "only a byte order mark": b"\xef\xbb\xbf",
    "not UTF-8": b'{"email": "\xff"}',
    "4301 digits": '{"email": ' + "1" * 4301 + "}",
}

# Python's parser takes these though they are no JSON, or are JSON that others refuse.
ODD: dict[str, str | bytes] = {
    "NaN": '{"email": NaN}',
    "Infinity": '{"email": -Infinity}',
    "lone surrogate": '{"email": "\\ud800"}',
    "a key twice": '{"email": "x", "email": "y"}',
    "byte order mark": b"\xef\xbb\xbf" + dump(CUSTOMER_BODY),
    "UTF-16": dump(CUSTOMER_BODY).decode().encode("utf-16"),
    "huge exponent": '{"email": 1e999}',
    "minus zero": '{"email": -0, "password": -0.0}',
    "escapes": '{"email": "\\u0061\\/\\n\\ud83e\\ude81"}',
    "null": "null",
    "list": "[]",
    "list of an object": "[{}]",
    "text": '"x"',
    "number": "5",
    "true": "true",
    "object": "{}",
    "white space around": " \n {} \t\r\n",
}

TYPES = (
    "application/json; charset=utf-8",
    "application/json; charset=latin-1",
    "APPLICATION/JSON",
    "application/json;",
    "application/merge-patch+json",
    "application/vnd.shop.v1+json",
    "application/jsonx",
    "application/x-json",
    "text/json",
    "text/plain",
    "application/xml",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "json",
    "*/*",
    " ",
    "application/json, text/plain",
)


def cases() -> Iterator[Case]:
    for what, body in MALFORMED.items():
        yield raw(f"malformed: {what}", "POST", PATH, body, JSON)
    for what, body in ODD.items():
        yield raw(f"odd: {what}", "POST", PATH, body, JSON)
    good = dump(CUSTOMER_BODY)
    for type in TYPES:
        yield raw(f"type: {type!r}", "POST", PATH, good, {"content-type": type})
    yield raw("type: none", "POST", PATH, good)
    yield raw("type: none, malformed", "POST", PATH, "{")
    yield raw("type: text, malformed", "POST", PATH, "{", {"content-type": "text/plain"})
    yield raw("type: text, not UTF-8", "POST", PATH, b"\xff\xfe", {"content-type": "text/plain"})
    yield raw("empty: JSON type", "POST", PATH, b"", JSON)
    yield raw("empty: no type", "POST", PATH, None)
    yield raw("empty: with a token", "POST", "/products", None, STAFF)
    yield raw("malformed: at a route with a header", "POST", "/orders", "{", JSON)
    yield raw("malformed: at a bad path", "PATCH", "/products/x", "{", {**STAFF, **JSON})
    yield raw("malformed: at an optional body", "POST", "/orders/1001/cancellation", "{", JSON)
    yield raw("malformed: deep", "POST", PATH, "[" * 600 + "]" * 599, JSON)
