"""Starts the product as a user would, over a demo that is trained once and then kept."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
JIEDAI = Path(sys.executable).parent / "jiedai"
START_SECONDS = 90
PASSWORD = "browser-journeys-2026"  # of accounts that live for one test run


@dataclass(frozen=True)
class Product:
    """A running installation."""

    url: str
    admin: str = "admin@demo.local"
    agent: str = "wang@demo.local"
    colleague: str = "zhao@demo.local"
    editor: str = "zhou@demo.local"
    password: str = PASSWORD


@contextmanager
def started(folder: Path) -> Iterator[Product]:
    """The product over a copy of the trained model; stopped at the end of the block.

    The model is trained by the first run (minutes) and found by later ones under `models/`.
    """
    data = folder / "data"
    _run(
        "init",
        "--data",
        data,
        "--demo",
        "--admin-email",
        Product.admin,
        "--admin-password",
        PASSWORD,
    )
    port = _free_port()
    log = folder / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [JIEDAI, "up", "--data", data, "--port", str(port)],
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            product = Product(f"http://127.0.0.1:{port}")
            _wait_until_ready(product, process, log)
            _hire(product)
            yield product
        finally:
            process.terminate()
            process.wait(timeout=30)


def _run(*arguments: object) -> None:
    done = subprocess.run(
        [JIEDAI, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def _wait_until_ready(product: Product, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{product.url}/readyz", timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError("the product did not start:\n" + log.read_text(encoding="utf-8")[-3000:])


def _hire(product: Product) -> None:
    with httpx.Client(base_url=product.url, timeout=30) as admin:
        login = {"email": product.admin, "password": PASSWORD}
        answer = admin.post("/api/v1/session", json=login).raise_for_status()
        admin.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        for email, name, role in (
            (product.agent, "小王", "agent"),
            (product.colleague, "小赵", "agent"),
            (product.editor, "小周", "editor"),
        ):
            account = {"email": email, "name": name, "role": role, "password": PASSWORD}
            admin.post("/api/v1/accounts", json=account).raise_for_status()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
