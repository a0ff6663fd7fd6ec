"""Administrators' journeys: give a colleague a new password."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Window, sign_in
from tests.browser.product import Product

Open = Callable[..., Window]

MADE_UP = re.compile(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}")


def add_colleague(page: Page, product: Product) -> str:
    """An account of one's own for this test; returns its e-mail address."""
    email = f"neu-{uuid4().hex[:8]}@demo.local"
    page.goto(f"{product.url}/settings/accounts")
    page.locator("#create").click()
    fields = page.locator("dialog input")
    fields.nth(0).fill("新同事")
    fields.nth(1).fill(email)
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("#new-password")).to_have_text(MADE_UP)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    return email


def open_account(page: Page, email: str) -> Locator:
    """The dialog that changes an account; returns its field for a password."""
    page.locator("tbody tr", has_text=email).get_by_role("button").click()
    return page.locator("dialog input[autocomplete=new-password]")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_administrator_makes_a_new_password_for_a_colleague(
    window: Open, product: Product, locale: str
) -> None:
    admin = window(width=390, height=844)
    page = admin.page
    sign_in(admin, product, product.admin)
    page.goto(f"{product.url}/?locale={locale}")
    email = add_colleague(page, product)
    field = open_account(page, email)
    assert field.get_attribute("type") == "password"
    page.get_by_role("button", name="生成一个" if locale == "zh" else "Generate").click()
    assert field.get_attribute("type") == "text"
    made = field.input_value()
    assert MADE_UP.fullmatch(made)
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("#new-password")).to_have_text(made)
    colleague = window()
    sign_in(colleague, replace(product, password=made), email)
    expect(colleague.page.locator("#desk")).to_be_visible()


@pytest.mark.parametrize(("locale", "called"), [("zh", "售后，外贸"), ("en", "After-sales, 外贸")])
def test_skills_are_read_and_typed_by_what_they_are_called(
    window: Open, product: Product, locale: str, called: str
) -> None:
    admin = window()
    page = admin.page
    sign_in(admin, product, product.admin)
    page.goto(f"{product.url}/?locale={locale}")
    email = add_colleague(page, product)
    open_account(page, email)
    skills = page.locator("dialog input[placeholder]")
    skills.fill(called.lower())
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("tbody tr", has_text=email).locator("td:nth-child(3) .tag")).to_have_text(
        called.replace("，", ", ").split(", ")
    )
    open_account(page, email)
    expect(skills).to_have_value(called)
    kept = page.request.get(f"{product.url}/api/v1/accounts").json()["items"]
    assert [a["skills"] for a in kept if a["email"] == email] == [["after_sales", "外贸"]]


def test_a_password_that_is_too_common_is_refused_with_words(
    window: Open, product: Product
) -> None:
    admin = window(expects=("422",))
    page = admin.page
    sign_in(admin, product, product.admin)
    email = add_colleague(page, product)
    field = open_account(page, email)
    field.fill("1111111111")
    page.get_by_role("button", name="显示密码").click()
    assert field.get_attribute("type") == "text"
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("dialog .problem")).to_be_visible()
    expect(field).to_have_value("1111111111")


def test_ones_own_password_needs_the_old_one(window: Open, product: Product) -> None:
    admin = window()
    sign_in(admin, product, product.admin)
    admin.page.goto(f"{product.url}/settings/accounts")
    field = open_account(admin.page, product.admin)
    expect(admin.page.get_by_role("link", name="自己的密码到“个人设置”里改")).to_be_visible()
    expect(field).to_have_count(0)
