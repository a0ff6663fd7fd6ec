"""The workbench: links to a conversation, and a network that answers late."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import APIResponse, Route, expect

from tests.browser.people import Customer, Desk, Window
from tests.browser.product import Product

Open = Callable[..., Window]


def test_a_late_answer_takes_nothing_from_the_thread(window: Open, product: Product) -> None:
    customer = Customer.on_page(window(), product)
    customer.fetch_person()
    marker = f"晚到 {uuid4().hex[:6]}"
    customer.say(marker)
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        response = route.fetch()
        if f"工单 {marker}" in response.text():
            held.append((route, response))
        else:
            route.fulfill(response=response)

    desk.page.route(f"**/api/v1/conversations/{desk.page.url.rpartition('#')[2]}", hold)
    desk.action("开工单")
    form = desk.page.locator("dialog")
    form.get_by_label("标题").fill(f"工单 {marker}")
    form.locator("button[type=submit]").click()
    while not held:  # until pytest's timeout
        desk.page.wait_for_timeout(20)
    desk.write("在的")
    customer.say("收到了吗")
    expect(desk.messages.last).to_have_text("收到了吗")
    route, response = held[0]  # from before both were said
    route.fulfill(response=response)
    ticket = desk.page.locator("#details-pane").get_by_role("link", name=f"工单 {marker}")
    expect(ticket).to_be_visible()
    expect(desk.messages.filter(has_text="在的")).to_have_count(1)
    expect(desk.messages.last).to_have_text("收到了吗")


def test_a_link_to_a_conversation_opens_it_at_the_open_desk(window: Open, product: Product) -> None:
    desk = Desk.open(window(), product, product.agent)
    for marker in (f"链接 {uuid4().hex[:6]}", f"又一个 {uuid4().hex[:6]}"):
        customer = Customer.on_page(window(), product)
        customer.fetch_person()
        customer.say(marker)
        desk.group("queue")
        number = desk.talk(marker).get_attribute("data-id")
        desk.page.goto(f"{product.url}/desk#{number}")  # the page stays, as with a pasted link
        expect(desk.messages.last).to_have_text(marker)
