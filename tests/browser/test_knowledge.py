"""Editors' journeys: write, publish, ask; two at once; a file that does not fit."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.people import Window, sign_in
from tests.browser.product import Product

Open = Callable[..., Window]


def test_an_editor_writes_publishes_and_asks(window: Open, product: Product) -> None:
    opened = window()
    page = opened.page
    sign_in(opened, product, product.editor)
    page.goto(product.url + "/knowledge/new")
    expect(page.locator("#preview h1")).to_have_text("文章标题")
    expect(page.locator("#save")).to_be_disabled()
    word = f"绿萝{uuid4().hex[:4]}"
    page.locator("#source").fill(
        f"---\nid: plant-{uuid4().hex[:8]}\ntitle: {word}盆栽怎么浇水\n"
        f"questions:\n  - {word}多久浇一次水\n---\n\n## 多久浇一次\n\n"
        "<script>window.hacked=1</script>\n\n夏天三天一次，冬天**十天一次**。\n"
    )
    expect(page.locator("#preview strong")).to_have_text("十天一次")
    assert page.evaluate("window.hacked") is None
    page.locator("#save").click()
    page.wait_for_url("**/knowledge/plant-*")
    expect(page.locator("h1")).to_have_text(f"{word}盆栽怎么浇水")
    page.goto(product.url + "/knowledge")
    page.locator("#question").fill(f"{word}多久浇一次水")
    page.locator("#ask button").click()
    expect(page.locator("#answer .good")).to_be_visible()
    expect(page.locator("#answer .hit").first).to_contain_text("十天一次")


def test_two_editors_do_not_overwrite_each_other(window: Open, product: Product) -> None:
    first, second = window(expects=("409",)), window()
    for opened, email in ((first, product.editor), (second, product.admin)):
        sign_in(opened, product, email)
        opened.page.goto(product.url + "/knowledge/gifts/edit")
        expect(opened.page.locator("#source")).not_to_have_value("")
    text = second.page.locator("#source").input_value()
    second.page.locator("#source").fill(text + "\n\n管理员加的一句。\n")
    second.page.locator("#save").click()
    expect(second.page.locator(".toast-box")).to_contain_text("已发布")
    first.page.locator("#source").fill(text + "\n\n编辑加的一句。\n")
    first.page.locator("#save").click()
    dialog = first.page.locator("dialog")
    expect(dialog).to_contain_text("别人刚改过")
    expect(dialog.locator("textarea")).to_have_value(text + "\n\n管理员加的一句。\n")
    expect(first.page.locator("#source")).to_have_value(text + "\n\n编辑加的一句。\n")


def test_what_is_typed_is_kept_until_it_is_published(window: Open, product: Product) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    page = opened.page
    page.goto(product.url + "/knowledge/coupons/edit")
    expect(page.locator("#source")).not_to_have_value("")
    page.locator("#source").press("Control+End")
    page.keyboard.type("没写完")
    page.reload()
    expect(page.locator("#source")).to_have_value(re.compile("没写完$"))


def test_a_bad_file_is_named_with_line_and_remedy(
    window: Open, product: Product, tmp_path: Path
) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    opened.page.goto(product.url + "/knowledge/import")
    bad = tmp_path / "broken.md"
    bad.write_text("---\ntitle: [没有收尾\n---\n\n## 标题\n\n正文\n", encoding="utf-8")
    opened.page.locator("#files").set_input_files(bad)
    result = opened.page.locator("#result")
    expect(result).to_contain_text("什么都没有导入")
    expect(result).to_contain_text("broken.md")
    good = tmp_path / "balloon.md"
    good.write_text("# 气球\n\n## 能送气球吗\n\n下单备注即可。\n", encoding="utf-8")
    opened.page.locator("#files").set_input_files(good)
    expect(result.locator(".good")).to_contain_text("导入完成")
    opened.page.locator("#files").set_input_files(good)
    expect(result.locator(".good")).to_contain_text("没有新内容")


def test_an_administrator_adds_and_disables_a_colleague(window: Open, product: Product) -> None:
    admin = window()
    sign_in(admin, product, product.admin)
    page = admin.page
    page.goto(product.url + "/settings/accounts")
    email = f"{uuid4().hex[:8]}@demo.local"
    page.locator("#create").click()
    form = page.locator("dialog")
    form.get_by_label("姓名").fill("新同事")
    form.get_by_label("邮箱").fill(email)
    form.locator("button[type=submit]").click()
    password = page.locator("#new-password").text_content() or ""
    page.locator("dialog button[aria-label='关闭']").last.click()
    newcomer = window()
    newcomer.page.goto(product.url + "/login")
    newcomer.page.locator("#email").fill(email)
    newcomer.page.locator("#password").fill(password)
    newcomer.page.locator("button[type=submit]").click()
    newcomer.page.wait_for_url("**/desk")
    row = page.locator("tr", has_text=email)
    row.get_by_role("button").click()
    page.get_by_role("button", name="停用账号").click()
    expect(row).to_contain_text("已停用")
    newcomer.page.goto(product.url + "/tickets")
    newcomer.page.wait_for_url(lambda url: "/login" in url)
