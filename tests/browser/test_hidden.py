"""Tabs that nobody sees: they hold no connection and have lost nothing when one returns."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, Request, expect

from tests.browser.people import Customer, Desk, Window
from tests.browser.product import Product

Open = Callable[..., Window]

HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def is_stream(request: Request) -> bool:
    """A connection that stays open."""
    return request.url.endswith("/events")


def is_look(request: Request) -> bool:
    """A question for news that is answered at once."""
    return "/events?" in request.url and "wait=0" in request.url


def leave(page: Page) -> None:
    """Go to another tab, until this one has let its connection go and only looks now and then."""
    with page.expect_event("requestfailed", is_stream), page.expect_request(is_look):
        page.evaluate(HIDE, True)


def come_back(page: Page) -> None:
    """Look at this tab again."""
    with page.expect_request(is_stream):
        page.evaluate(HIDE, False)


def test_a_hidden_desk_lets_its_connection_go_and_misses_nothing(
    window: Open, product: Product
) -> None:
    customer = Customer.on_page(window(), product)
    customer.fetch_person()
    marker = uuid4().hex[:6]
    customer.say(f"{marker} 一")
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    leave(desk.page)
    for word in ("二", "三"):
        customer.say(f"{marker} {word}")
    customer.is_delivered()
    come_back(desk.page)
    expect(desk.messages.filter(has_text=marker)).to_have_text(
        [f"{marker} {word}" for word in ("一", "二", "三")]
    )
    expect(desk.page.locator("#offline")).to_be_hidden()


def test_a_hidden_customer_who_waits_for_a_person_still_hears_the_answer(
    window: Open, product: Product
) -> None:
    opened = window()
    customer = Customer.on_page(opened, product)
    customer.fetch_person()
    marker = f"离开 {uuid4().hex[:6]}"
    customer.say(marker)
    customer.is_delivered()
    leave(opened.page)
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    desk.write("来了")
    expect(customer.said_by("agent")).to_have_text(["来了"], timeout=40_000)
