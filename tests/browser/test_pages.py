"""Every page: fits three widths, light and dark, accessible, silent in the console."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.looks import must_be_accessible, must_fit
from tests.browser.people import Customer, Desk, Window, sign_in
from tests.browser.product import Product

Open = Callable[..., Window]

SIZES = {"desktop": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
STAFF_PAGES = {
    "desk": "/desk",
    "tickets": "/tickets",
    "knowledge": "/knowledge",
    "article": "/knowledge/return-policy",
    "editor": "/knowledge/return-policy/edit",
    "new": "/knowledge/new",
    "review": "/knowledge/review",
    "history": "/knowledge/return-policy/history",
    "compare": "/knowledge/return-policy/compare?from=1&to=live",
    "import": "/knowledge/import",
    "convert": "/knowledge/convert",
    "accounts": "/settings/accounts",
    "profile": "/settings/profile",
}
OPEN_PAGES = {"shop": "/", "login": "/login", "setup": "/setup"}


@pytest.mark.parametrize("size", SIZES)
def test_open_pages_fit_and_are_accessible(
    window: Open, product: Product, artefacts: Path, size: str
) -> None:
    width, height = SIZES[size]
    opened = window(width=width, height=height, dark=size == "tablet")
    for name, path in OPEN_PAGES.items():
        opened.page.goto(product.url + path, wait_until="networkidle")
        must_fit(opened.page)
        must_be_accessible(opened.page)
        opened.picture(artefacts, f"{name}-{size}")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_staff_pages_fit_and_are_accessible(
    window: Open, product: Product, artefacts: Path, size: str, locale: str
) -> None:
    width, height = SIZES[size]
    opened = window(width=width, height=height, dark=locale == "en")
    sign_in(opened, product, product.admin)
    for name, path in STAFF_PAGES.items():
        mark = "&" if "?" in path else "?"
        opened.page.goto(f"{product.url}{path}{mark}locale={locale}")
        expect(opened.page.locator("h1").first).to_be_visible()
        expect(opened.page.locator(".skeleton")).to_have_count(0)
        must_fit(opened.page)
        must_be_accessible(opened.page)
        opened.picture(artefacts, f"{name}-{size}-{locale}")


@pytest.mark.parametrize("size", SIZES)
def test_the_chat_fits_and_is_accessible(
    window: Open, product: Product, artefacts: Path, size: str
) -> None:
    width, height = SIZES[size]
    opened = window(width=width, height=height, dark=size == "tablet")
    customer = Customer.in_shop(opened, product)
    customer.ask("退货要多久到账")
    must_fit(opened.page)
    must_be_accessible(opened.page)
    opened.picture(artefacts, f"chat-{size}")
    box = opened.page.locator(".jd-window").bounding_box()
    assert box is not None
    full = {"x": 0, "y": 0, "width": 390, "height": 844}
    assert box == full if size == "phone" else (box["width"], box["height"]) == (380, 600)


@pytest.mark.parametrize("size", SIZES)
def test_an_open_conversation_fits_and_is_accessible(
    window: Open, product: Product, artefacts: Path, size: str
) -> None:
    customer = Customer.on_page(window(), product)
    customer.ask("我的快递咋还没到")
    customer.say("转人工")
    customer.is_queued()
    width, height = SIZES[size]
    desk = Desk.open(window(width=width, height=height), product, product.admin)
    desk.talk("").first.click()
    expect(desk.messages.first).to_be_visible()
    must_fit(desk.page)
    must_be_accessible(desk.page)
    desk.window.picture(artefacts, f"conversation-{size}")
    if size != "desktop":
        desk.page.locator(".thread-head .only-tablet").click()
    expect(desk.page.locator("#details-pane")).to_be_in_viewport()
    must_be_accessible(desk.page)
    desk.window.picture(artefacts, f"conversation-details-{size}")


def test_a_page_that_is_not_there_says_so(window: Open, product: Product) -> None:
    opened = window(expects=("404",))
    opened.page.goto(product.url + "/nothing-here")
    expect(opened.page.locator("h1")).to_have_text("没有这一页")
    must_be_accessible(opened.page)


def test_somebody_not_signed_in_comes_back_to_where_they_wanted(
    window: Open, product: Product
) -> None:
    opened = window()
    opened.page.goto(product.url + "/tickets")
    opened.page.locator("#email").fill(product.agent)
    opened.page.locator("#password").fill(product.password)
    opened.page.locator("button[type=submit]").click()
    opened.page.wait_for_url("**/tickets")


def test_a_wrong_password_is_told_in_words(window: Open, product: Product) -> None:
    opened = window(expects=("401",))
    opened.page.goto(product.url + "/login")
    opened.page.locator("#email").fill("nobody@demo.local")
    opened.page.locator("#password").fill("wrong-wrong-wrong")
    opened.page.locator("button[type=submit]").click()
    expect(opened.page.locator("#problem")).to_have_text("邮箱或密码不对。")


def test_the_rail_shows_only_what_the_role_may_see(window: Open, product: Product) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    expect(opened.page.locator(".rail nav, .rail a.rail-item")).to_have_count(2)
    expect(opened.page.locator(".rail a.rail-item").first).to_contain_text("知识")


def test_the_desk_is_driven_by_keys(window: Open, product: Product) -> None:
    customer = Customer.on_page(window(), product)
    customer.say("转人工")
    customer.is_queued()
    desk = Desk.open(window(), product, product.agent)
    desk.group("queue")
    expect(desk.talk("").first).to_be_visible()
    keys = desk.page.keyboard
    keys.press("?")
    expect(desk.page.locator("dialog")).to_contain_text("快捷键")
    keys.press("Escape")
    expect(desk.page.locator("dialog")).to_have_count(0)
    keys.press("j")
    expect(desk.page.locator("#claim")).to_be_visible()
    keys.press("a")
    expect(desk.page.locator(".composer textarea")).to_be_focused()
    keys.type("键盘写的")
    keys.press("Control+Enter")
    expect(desk.messages.last).to_have_text("键盘写的")
    keys.press("Escape")
    keys.press("n")
    expect(desk.page.locator(".composer.note textarea")).to_be_focused()
    keys.press("Escape")
    keys.press("e")
    expect(desk.page.locator("dialog")).to_contain_text("结束这段会话")
