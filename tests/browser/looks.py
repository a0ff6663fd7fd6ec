"""What every page owes to everybody: it fits, and it is accessible."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def must_be_accessible(page: Page) -> None:
    """Nothing serious or critical by axe."""
    found = Axe().run(page).response["violations"]
    serious = [
        (rule["id"], [node["target"] for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    assert serious == []


def must_fit(page: Page) -> None:
    """Nothing sticks out to the side."""
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
