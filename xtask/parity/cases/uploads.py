"""Multipart forms: a file and two fields beside it."""

from collections.abc import Iterator

from .build import ATLAS, NOBODY, PRESS, Case, raw

BOUNDARY = "parity-boundary"


def form(*parts: tuple[str, bytes]) -> bytes:
    """A multipart body of (headers of the part, its bytes)."""
    lines = [
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in parts
    ]
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


def cases() -> Iterator[Case]:
    path = f"/products/{PRESS}/image"
    multipart = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    png = ('name="file"; filename="press.png"\r\nContent-Type: image/png', b"\x89PNG\r\n\x1a\n\x00\xff")

    def field(name: str, value: str) -> tuple[str, bytes]:
        return (f'name="{name}"', value.encode())

    for what, parts in {
        "fine": [png],
        "all fields": [png, field("caption", "Café"), field("position", "3")],
        "jpeg": [('name="file"; filename="a b.jpg"\r\nContent-Type: image/jpeg', b"\xff\xd8\xff")],
        "empty file": [('name="file"; filename="press.png"\r\nContent-Type: image/png', b"")],
        "no name and no bytes": [('name="file"; filename=""\r\nContent-Type: image/png', b"")],
        "no name": [('name="file"; filename=""\r\nContent-Type: image/png', b"x")],
        "no type": [('name="file"; filename="press.png"', b"x")],
        "text": [('name="file"; filename="a.txt"\r\nContent-Type: text/plain', b"x")],
        "a field instead of a file": [field("file", "press.png")],
        "no file": [field("caption", "x")],
        "two files": [png, ('name="file"; filename="2.png"\r\nContent-Type: image/png', b"2")],
        "empty caption": [png, field("caption", "")],
        "long caption": [png, field("caption", "x" * 81)],
        "position 10": [png, field("position", "10")],
        "position x": [png, field("position", "x")],
        "position empty": [png, field("position", "")],
        "position twice": [png, field("position", "1"), field("position", "2")],
        "many problems": [field("caption", "x" * 81), field("position", "-1")],
        "unknown field": [png, field("colour", "red")],
        "no parts": [],
    }.items():
        yield raw(f"image: {what}", "POST", path, form(*parts), multipart)
    yield raw("image: bad id and no file", "POST", "/products/x/image", form(), multipart)
    yield raw("image: unknown product", "POST", f"/products/{NOBODY}/image", form(png), multipart)
    yield raw("image: no boundary", "POST", path, form(png), {"content-type": "multipart/form-data"})
    yield raw(
        "image: another boundary", "POST", path, form(png), {"content-type": "multipart/form-data; boundary=other"}
    )
    yield raw("image: cut short", "POST", path, form(png)[:-30], multipart)
    yield raw("image: JSON", "POST", path, b'{"file":"x"}', {"content-type": "application/json"})
    yield raw(
        "image: urlencoded",
        "POST",
        path,
        b"caption=x&position=1",
        {"content-type": "application/x-www-form-urlencoded"},
    )
    yield raw("image: no body", "POST", path, None)
    yield raw(
        "image: atlas, upper case type",
        "POST",
        f"/products/{ATLAS}/image",
        form(png),
        {"content-type": f"Multipart/Form-Data; boundary={BOUNDARY}"},
    )
