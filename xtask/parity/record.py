"""Records what the twin answers: corpus.jsonl, and its document: openapi.json.

.venv/bin/python record.py [--out FOLDER]
"""

import argparse
import base64
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# Messages of the JSON decoder change with Python's minor version, and they are part of the answers.
PYTHON = (3, 13)
# Before the imports that an older Python, or one outside the virtual environment, could not take.
if sys.version_info[:2] != PYTHON:
    sys.exit(f"this is Python {sys.version.split()[0]}; record with {'.'.join(map(str, PYTHON))}: see README.md")
try:
    from cases import all_cases
    from cases.build import Case
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here; make .venv as README.md says and run .venv/bin/python record.py")

HERE = Path(__file__).resolve().parent
# Redirects carry it, so it must not be the port that happened to be free.
HOST = "shop.test"
# What a client can depend on. The rest is the server's own: date, server, lengths and framing.
KEPT = ("content-type", "location", "allow", "www-authenticate", "cache-control", "content-disposition")


def main() -> None:
    options = argparse.ArgumentParser(description="Records xtask/parity/corpus.jsonl and openapi.json.")
    options.add_argument("--out", type=Path, default=HERE, help="where to write (default: beside this file)")
    out = options.parse_args().out
    if not out.is_dir():
        sys.exit(f"{out} is no folder; make it first")
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets of strings are walked while requests are generated; their order must not depend on the run.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = start(listener)
        try:
            wait(port, server)
            document = json.loads(exchange(port, Case("document", "GET", "/openapi.json"))["body"])
            recorded = record(port, all_cases(document))
        finally:
            server.terminate()
            server.wait()
    lines = [json.dumps(it, ensure_ascii=False, separators=(",", ":")) for it in recorded]
    # Only now, when nothing can fail any more: no half corpus is left behind.
    (out / "openapi.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "corpus.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} cases, {sum(len(it.encode()) + 1 for it in lines)} bytes")


def start(listener: socket.socket) -> subprocess.Popen[bytes]:
    """uvicorn on a socket that is bound already: nobody can take the port in between.

    Only its end is worth a line: a few requests make FastAPI itself fail, and the traceback is long.
    """
    fd = listener.fileno()
    command = [sys.executable, "-m", "uvicorn", "twin.main:app", "--fd", str(fd), "--log-level", "critical"]
    return subprocess.Popen(command, cwd=HERE, pass_fds=[fd])


def wait(port: int, server: subprocess.Popen[bytes]) -> None:
    """The socket listens before the server does, so a request waits by itself; a server that died is noticed here."""
    for _ in range(100):
        if server.poll() is not None:
            sys.exit(f"the twin ended at its start with code {server.returncode}; its message stands above")
        try:
            exchange(port, Case("reset", "POST", "/__reset"), timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the twin did not answer for 10 seconds")


def record(port: int, cases: list[Case]) -> list[dict[str, Any]]:
    lines = []
    story = ""
    for case in cases:
        start = case.name.split(" > ")[0]
        if start != story:
            exchange(port, Case("reset", "POST", "/__reset"))
            story = start
        response = exchange(port, case)
        request = {"method": case.method, "path": case.path, "headers": case.headers, **text(case.body)}
        lines.append({"name": case.name, "request": request, "response": response})
    return lines


def exchange(port: int, case: Case, timeout: float = 10) -> dict[str, Any]:
    """Sends exactly the headers of the case, besides Host, Connection and Content-Length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.putrequest(case.method, case.path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"host": HOST, "connection": "close", **case.headers}.items():
            connection.putheader(name, value)
        if case.body is not None:
            connection.putheader("content-length", str(len(case.body)))
        connection.endheaders(case.body)
        response = connection.getresponse()
        kept = {name: it for name in KEPT if (it := response.headers.get(name)) is not None}
        return {"status": response.status, "headers": kept, **text(response.read())}
    finally:
        connection.close()


def text(body: bytes | None) -> dict[str, str | None]:
    """`body` as text, or `body_base64` where it is no UTF-8; null where a request has none."""
    if body is None:
        return {"body": None}
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode()}


if __name__ == "__main__":
    main()
