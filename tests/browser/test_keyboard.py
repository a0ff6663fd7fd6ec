"""People who use no mouse: the focus is never lost, and nothing is read aloud twice."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.people import Customer, Desk, Window, sign_in
from tests.browser.product import Product

Open = Callable[..., Window]

COUNT_ADDED = """log => {
  window.added = 0;
  new MutationObserver((changes) => {
    for (const change of changes) window.added += change.addedNodes.length;
  }).observe(log, { childList: true });
}"""


def test_the_focus_returns_to_the_input_when_what_was_pressed_goes_away(
    window: Open, product: Product
) -> None:
    customer = Customer.on_page(window(), product)
    customer.frame.locator(".jd-choice").first.press("Enter")
    expect(customer.said_by("customer")).to_have_count(1)
    expect(customer.input).to_be_focused()
    customer.frame.locator(".jd-human").press("Enter")
    customer.is_queued()
    expect(customer.input).to_be_focused()


def test_a_new_message_leaves_the_rest_of_the_desk_alone(window: Open, product: Product) -> None:
    customer = Customer.on_page(window(), product)
    customer.ask("退货运费谁出")
    customer.fetch_person()
    marker = uuid4().hex[:6]
    customer.say(marker)
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    sources = desk.page.locator(".thread details").first
    sources.locator("summary").click()
    desk.page.locator(".thread").evaluate(COUNT_ADDED)
    tab = desk.page.locator('#tabs [data-value="mine"]')
    tab.focus()
    customer.say(f"{marker} 再说一句")
    expect(desk.messages.last).to_have_text(f"{marker} 再说一句")
    assert desk.page.evaluate("added") == 1
    assert sources.get_attribute("open") is not None
    expect(tab).to_be_focused()


def test_an_article_shows_which_heading_answers(window: Open, product: Product) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    opened.page.goto(f"{product.url}/knowledge/account-delete")
    question = opened.page.locator(".routes li", has_text="点了注销后悔了可以撤销吗")
    expect(question).not_to_contain_text("->")
    question.get_by_role("link", name="注销后多久生效").press("Enter")
    heading = opened.page.locator(".rich h2", has_text="注销后多久生效")
    expect(heading).to_be_in_viewport()
    expect(heading).to_be_focused()


def test_an_offline_desk_keeps_the_composer_in_sight(window: Open, product: Product) -> None:
    customer = Customer.on_page(window(), product)
    customer.fetch_person()
    marker = uuid4().hex[:6]
    customer.say(marker)
    opened = window(expects=("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK"))
    desk = Desk.open(opened, product, product.agent)
    desk.take(marker)
    opened.page.context.set_offline(True)
    expect(opened.page.locator("#offline")).to_be_visible()
    expect(opened.page.locator(".composer button[type=submit]")).to_be_in_viewport(ratio=1)
    opened.page.context.set_offline(False)
    expect(opened.page.locator("#offline")).to_be_hidden(timeout=40_000)
