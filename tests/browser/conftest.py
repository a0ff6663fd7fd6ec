"""The really running product, Chromium, and windows that report every complaint of the browser."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.people import Window
from tests.browser.product import Product, started

CHROMIUM = os.environ.get("JIEDAI_CHROMIUM") or shutil.which("chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SET_UP_SECONDS = 1200


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; the first test also pays for training the demo's model."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(SET_UP_SECONDS))


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where pictures are kept: $JIEDAI_ARTIFACTS, or a temporary folder; never the repository."""
    named = os.environ.get("JIEDAI_ARTIFACTS")
    folder = Path(named) if named else Path(tempfile.mkdtemp(prefix="jiedai-browser-"))
    folder = folder / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: apt-get install chromium, or set JIEDAI_CHROMIUM.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def product(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`jiedai up` over the demo, with an administrator, two agents and an editor."""
    with started(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Opens windows of their own; at the end none may have had anything to complain about."""
    windows: list[Window] = []

    def open_window(
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        locale: str = "zh-CN",
        expects: tuple[str, ...] = (),
    ) -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        opened = Window(context.new_page(), expects)
        windows.append(opened)
        return opened

    yield open_window
    complaints = [complaint for opened in windows for complaint in opened.complaints()]
    for opened in windows:
        opened.page.context.close()
    assert complaints == []
