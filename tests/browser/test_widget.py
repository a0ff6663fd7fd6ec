"""The widget: on anybody's page, by keyboard, through bad networks, running nothing it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from tests.browser.looks import must_be_accessible
from tests.browser.people import Customer, Desk, Window
from tests.browser.product import Product

Open = Callable[..., Window]

PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>别人的网站</title>
<style>button {{ background: red !important; font-size: 40px }} * {{ letter-spacing: 3px }}</style>
<h1>别人的网站</h1>
<script>
window.heard = [];
window.jiedai = {{ q: [
  ["on", "started", (detail) => heard.push("started")],
  ["on", "message", (message) => heard.push("message " + message.sender)],
  ["on", "unread", (detail) => heard.push("unread " + detail.count)],
  ["setUser", {{ identifier: "{who}", name: "丁丁" }}],
] }};
</script>
<script src="{url}/widget.js" defer></script></html>"""

SCRIPTS = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg/onload=window.hacked=1>",
    '"><script>window.hacked=1</script>',
    "[点我](javascript:window.hacked=1)",
    "<a href='javascript:window.hacked=1'>x</a>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "{{constructor.constructor('window.hacked=1')()}}",
    "</textarea><script>window.hacked=1</script>",
    "<style>@import 'javascript:window.hacked=1'</style>",
)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def foreign(product: Product, tmp_path: Path) -> Iterator[str]:
    """A page of another origin that carries the widget."""
    page = PAGE.format(url=product.url, who=uuid4().hex)
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}/index.html"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_widget_works_on_a_page_of_another_origin(
    window: Open, product: Product, foreign: str, artefacts: Path
) -> None:
    opened = window(expects=("favicon",))
    opened.page.goto(foreign)
    customer = Customer.at_widget(opened)
    customer.ask("运费怎么算")
    opened.picture(artefacts, "widget-other-origin")
    marker = f"别处 {uuid4().hex[:6]}"
    customer.fetch_person()
    customer.say(marker)
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    expect(desk.page.locator(".thread-who h2")).to_have_text("丁丁")
    opened.page.keyboard.press("Escape")
    desk.write("在的，您说")
    expect(opened.page.locator(".jd-badge")).to_have_text("1")
    heard = opened.page.evaluate("heard")
    assert heard[0] == "started"
    assert "message agent" in heard
    assert "unread 1" in heard


def test_the_widget_keeps_its_looks_among_a_hosts_styles(
    window: Open, product: Product, foreign: str
) -> None:
    opened = window(expects=("favicon",))
    opened.page.goto(foreign)
    customer = Customer.at_widget(opened)
    send = customer.frame.locator(".jd-send")
    for part in (send, customer.frame.locator(".jd-state")):
        assert part.evaluate("node => getComputedStyle(node).letterSpacing") == "normal"
    assert send.evaluate("node => getComputedStyle(node).backgroundColor") != "rgb(255, 0, 0)"


def test_everything_is_reached_by_keyboard(window: Open, product: Product) -> None:
    opened = window()
    page = opened.page
    page.goto(product.url + "/")
    bubble = page.locator(".jd-bubble-button")
    expect(bubble).to_be_visible()
    focused = "document.activeElement?.shadowRoot?.activeElement?.className || ''"
    for _ in range(30):
        page.keyboard.press("Tab")
        if "jd-bubble-button" in page.evaluate(focused):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".jd-row.jd-bot").first).to_be_visible()
    page.keyboard.type("怎么退货")
    page.keyboard.press("Enter")
    expect(page.locator(".jd-row.jd-customer .jd-bubble")).to_have_text("怎么退货")
    for _ in range(40):  # round and round, never out of the window
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "jiedai-widget"
    page.keyboard.press("Escape")
    expect(page.locator(".jd-window")).to_be_hidden()
    assert "jd-bubble-button" in page.evaluate(focused)


def test_nothing_is_lost_or_doubled_through_a_lost_network(window: Open, product: Product) -> None:
    opened = window(expects=("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK"))
    customer = Customer.on_page(opened, product)
    marker = f"断网 {uuid4().hex[:6]}"
    customer.fetch_person()
    customer.say(marker)
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    expect(customer.state).to_contain_text("小王")
    opened.page.context.set_offline(True)
    customer.say("断网时写的")
    desk.write("第一句")
    desk.write("第二句")
    opened.page.context.set_offline(False)
    expect(customer.said_by("agent")).to_have_text(["第一句", "第二句"], timeout=40_000)
    expect(desk.messages.filter(has_text="断网时写的")).to_have_count(1, timeout=40_000)
    customer.is_delivered()
    expect(customer.said_by("customer").filter(has_text="断网时写的")).to_have_count(1)


def test_two_replies_in_a_row_arrive_in_their_order_though_the_first_is_slow(
    window: Open, product: Product
) -> None:
    customer = Customer.on_page(window(), product)
    marker = f"两句 {uuid4().hex[:6]}"
    customer.fetch_person()
    customer.say(marker)
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    held: list[Route] = []
    desk.page.route("**/messages", lambda route: route.continue_() if held else held.append(route))
    desk.write("第一句")
    desk.write("第二句")
    held[0].continue_()
    expect(customer.said_by("agent")).to_have_text(["第一句", "第二句"])


def test_a_message_that_failed_says_so_and_can_be_sent_again(
    window: Open, product: Product
) -> None:
    opened = window(expects=("Failed to load resource", "ERR_FAILED"))
    customer = Customer.on_page(opened, product)
    opened.page.route("**/messages", lambda route: route.abort())
    customer.say("这句发不出去")
    failed = customer.frame.locator(".jd-failed")
    expect(failed).to_be_visible(timeout=60_000)
    opened.page.unroute("**/messages")
    failed.get_by_role("button").click()
    expect(failed).to_have_count(0)
    expect(customer.said_by("customer")).to_have_text(["这句发不出去"])


def test_a_stream_that_is_blocked_becomes_a_long_poll(window: Open, product: Product) -> None:
    opened = window(expects=("Failed to load resource", "ERR_FAILED"))
    page = opened.page
    page.route(
        "**/events",
        lambda route: route.abort() if "wait=" not in route.request.url else route.continue_(),
    )
    customer = Customer.on_page(opened, product)
    marker = f"轮询 {uuid4().hex[:6]}"
    customer.fetch_person()
    customer.say(marker)
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    desk.write("收到")
    expect(customer.said_by("agent")).to_have_text(["收到"], timeout=40_000)


def test_what_anybody_says_is_never_run(window: Open, product: Product) -> None:
    opened = window()
    opened.page.goto(product.url + "/")
    expect(opened.page.locator(".jd-bubble-button")).to_be_visible()
    name = f"<img src=x onerror=window.hacked=1>{uuid4().hex[:4]}"
    opened.page.evaluate("name => jiedai.setUser({identifier: name, name})", name)
    customer = Customer.at_widget(opened)
    for text in SCRIPTS:
        customer.say(text)
        expect(customer.said_by("customer").last).to_have_text(text)
    customer.is_delivered()
    if "排队" not in (customer.state.text_content() or ""):
        customer.fetch_person()
    desk = Desk.open(window(), product, product.agent)
    desk.take(name)
    expect(desk.page.locator(".thread-who h2")).to_have_text(name)
    for text in SCRIPTS:
        desk.write(text)
    expect(customer.said_by("agent").last).to_have_text(SCRIPTS[-1])
    assert opened.page.evaluate("window.hacked") is None
    assert desk.page.evaluate("window.hacked") is None


def test_addresses_that_people_write_are_links(window: Open, product: Product) -> None:
    customer = Customer.on_page(window(), product)
    customer.fetch_person()
    marker = uuid4().hex[:6]
    customer.say(f"{marker} 看 http://example.com/a?b=1。还有 javascript:alert(1)")
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    expect(desk.messages.last.get_by_role("link")).to_have_text(["http://example.com/a?b=1"])
    desk.write("请看 https://example.com 和 https://example.com/x，谢谢")
    links = customer.said_by("agent").get_by_role("link")
    expect(links).to_have_text(["https://example.com", "https://example.com/x"])
    expect(links.last).to_have_attribute("rel", "noopener noreferrer nofollow")
    must_be_accessible(desk.page)


def test_the_bot_and_the_window_speak_english(window: Open, product: Product) -> None:
    opened = window(locale="en-GB")
    opened.page.goto(product.url + "/?locale=en")
    customer = Customer.at_widget(opened)
    expect(customer.frame.locator(".jd-human")).to_have_text("Talk to a person")
    customer.ask("how much is shipping")
    expect(customer.frame.locator(".jd-ai").last).to_have_text("AI-generated")
