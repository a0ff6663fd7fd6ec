"""Who the customer is: signing in and out of the site with the widget open or waiting."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.people import Customer, Desk, Window
from tests.browser.product import Product

Open = Callable[..., Window]


def sign_in_to_site(page: Page, identifier: str | None, **contact: str) -> None:
    """What a shop does at sign-in and, with None, at sign-out."""
    who = None if identifier is None else {"identifier": identifier, **contact}
    page.evaluate("who => jiedai.setUser(who)", who)


def test_a_customer_who_signs_out_leaves_nothing_behind(window: Open, product: Product) -> None:
    opened = window()
    opened.page.goto(product.url + "/")
    expect(opened.page.locator(".jd-bubble-button")).to_be_visible()
    sign_in_to_site(opened.page, uuid4().hex, name="林")
    customer = Customer.at_widget(opened)
    customer.ask("运费怎么算")
    sign_in_to_site(opened.page, None)
    expect(customer.said_by("customer")).to_have_count(0)
    expect(customer.said_by("bot").first).to_be_visible()
    opened.page.reload()
    opened.page.locator(".jd-bubble-button").click()
    expect(customer.said_by("bot").first).to_be_visible()
    expect(customer.said_by("customer")).to_have_count(0)


def test_a_guest_who_is_nobody_keeps_the_conversation(window: Open, product: Product) -> None:
    opened = window()
    customer = Customer.in_shop(opened, product)
    customer.ask("运费怎么算")
    sign_in_to_site(opened.page, None)  # as sites do on every page while nobody is signed in
    expect(customer.said_by("customer")).to_have_text(["运费怎么算"])


def test_a_guest_who_signs_in_starts_a_conversation_that_knows_them(
    window: Open, product: Product
) -> None:
    opened = window()
    customer = Customer.in_shop(opened, product)
    customer.ask("运费怎么算")
    customer.input.fill("还没写完的一句")
    name = f"林{uuid4().hex[:6]}"
    sign_in_to_site(opened.page, uuid4().hex, name=name)
    expect(customer.said_by("customer")).to_have_count(0)
    expect(customer.said_by("bot").first).to_be_visible()
    expect(customer.input).to_have_value("还没写完的一句")
    customer.fetch_person()
    desk = Desk.open(window(), product, product.agent)
    expect(desk.talk(name)).to_have_count(1)


def test_a_guest_who_waits_for_a_person_is_not_torn_away_by_signing_in(
    window: Open, product: Product
) -> None:
    opened = window()
    customer = Customer.in_shop(opened, product)
    customer.fetch_person()
    marker = f"等人 {uuid4().hex[:6]}"
    customer.say(marker)
    customer.is_delivered()
    who = uuid4().hex
    sign_in_to_site(opened.page, who)
    customer.is_queued()
    opened.page.reload()
    sign_in_to_site(opened.page, who)
    opened.page.locator(".jd-bubble-button").click()
    expect(customer.said_by("customer")).to_have_text([marker])
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    desk.write("在的")
    expect(customer.said_by("agent")).to_have_text(["在的"])
    desk.action("结束")
    desk.page.locator("dialog button[type=submit]").click()
    expect(customer.state).to_have_text("会话已结束")
    opened.page.reload()
    sign_in_to_site(opened.page, who)
    opened.page.locator(".jd-bubble-button").click()
    expect(customer.said_by("bot").first).to_be_visible()
    expect(customer.said_by("customer")).to_have_count(0)


def test_staff_learn_the_page_without_what_may_be_secret(window: Open, product: Product) -> None:
    opened = window()
    opened.page.goto(product.url + "/?locale=zh&token=geheim#/orders?code=geheim")
    customer = Customer.at_widget(opened)
    customer.fetch_person()
    marker = f"页面 {uuid4().hex[:6]}"
    customer.say(marker)
    desk = Desk.open(window(), product, product.agent)
    desk.group("queue")
    desk.talk(marker).click()
    details = desk.page.locator("#details-pane")
    expect(details).to_contain_text(f"{product.url}/")
    expect(details).not_to_contain_text("geheim")
