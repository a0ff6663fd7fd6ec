"""Editors' journeys past the gate: held up and overridden, at a time, many at once."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.looks import must_be_accessible, must_fit
from tests.browser.people import Customer, Window, publish, sign_in
from tests.browser.product import Product
from tests.browser.test_knowledge import editor_of, in_dialog, is_saved, plant, text_about

Open = Callable[..., Window]
SECONDS = 60


def with_test(text: str, question: str, heading: str) -> str:
    """The same article with a test of its own."""
    test = f"tests:\n  - question: {question}\n    heading: {heading}\n"
    return text.replace("---\n\n", f"{test}---\n\n", 1)


def step(page: Page, product: Product, article: str, name: str, **body: object) -> None:
    """Make a step on the draft as whoever is signed in."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    path = f"{product.url}/api/v1/articles/{article}/draft/{name}"
    answer = page.request.post(path, data=body, headers={"X-CSRF-Token": token})
    assert answer.ok, answer.text()


def test_a_text_comes_at_its_time(window: Open, product: Product) -> None:
    opened = window()
    sign_in(opened, product, product.admin)
    word = plant()
    text = text_about(word, "夏天三天一次。")
    article = publish(opened, product, text)
    page = opened.page
    source = editor_of(opened, product, article)
    source.fill(text.replace("三天一次", "五天一次"))
    page.locator("#publish").click()
    dialog = page.locator("dialog")
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    dialog.get_by_label("发布时间").fill(f"{tomorrow:%Y-%m-%dT09:00}")
    expect(dialog.get_by_label("定时")).to_be_checked()
    in_dialog(page, "发布")
    expect(page.locator("#banner")).to_contain_text("定于")
    customer = Customer.on_page(window(), product)
    expect(customer.ask(f"{word}多久浇一次水")).to_contain_text("三天一次")

    draft = page.request.get(f"{product.url}/api/v1/articles/{article}/draft").json()
    page.goto(f"{product.url}/knowledge/{article}")
    expect(page.locator("article").first).to_be_visible()
    soon = datetime.now(UTC) + timedelta(seconds=2)
    step(page, product, article, "approve", version=draft["version"], publish_at=soon.isoformat())
    of_article = f"{product.url}/api/v1/articles/{article}"
    deadline = time.monotonic() + SECONDS
    while page.request.get(of_article).json()["draft"] and time.monotonic() < deadline:
        time.sleep(0.1)
    page.reload()
    expect(page.locator("article", has_text="五天一次")).to_be_visible()
    expect(page.locator("h1 + .row-line")).to_have_text("已发布")
    assert datetime.now(UTC) >= soon
    expect(customer.ask(f"{word}多久浇一次水")).to_contain_text("五天一次")


def test_a_text_that_fails_its_test_is_held_up_until_a_reason_is_given(
    window: Open, product: Product, artefacts: Path
) -> None:
    opened = window(expects=("409",))
    sign_in(opened, product, product.editor)
    word = plant()
    article = publish(opened, product, text_about(word))
    page = opened.page
    source = editor_of(opened, product, article)
    wrong = with_test(text_about(word), f"{word}多久浇一次水", "修剪")
    source.fill(re.sub(r"id: .*", f"id: {article}", wrong))
    is_saved(page)
    expect(page.locator("#tested")).to_contain_text(f"{word}多久浇一次水 → 修剪")
    page.locator("#publish").click()
    dialog = page.locator("dialog")
    dialog.get_by_role("button", name="发布", exact=True).click()
    expect(dialog.locator(".problem-lines")).to_contain_text(f"{word}多久浇一次水 → 修剪")
    expect(dialog.locator(".problem-lines")).to_contain_text("多久浇一次")
    must_be_accessible(page)
    opened.picture(artefacts, "gate")
    dialog.get_by_label("仍然发布的理由（会记下来）").fill("修剪明天补")
    in_dialog(page, "发布")
    expect(page.locator("#badges")).to_have_text("已发布")
    page.get_by_role("link", name="历史").click()
    first = page.locator(".history tbody tr").first
    expect(first).to_contain_text("处知识测试没通过，仍然发布：修剪明天补")


def test_an_import_keeps_back_what_fails_its_test_and_takes_it_with_a_reason(
    window: Open, product: Product, artefacts: Path, tmp_path: Path
) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    page = opened.page
    page.goto(product.url + "/knowledge/import")
    word = plant()
    file = tmp_path / "plant.md"
    file.write_text(with_test(text_about(word), f"{word}多久浇一次水", "修剪"), encoding="utf-8")
    page.locator("#files").set_input_files(file)
    result = page.locator("#result")
    expect(result.locator(".caution")).to_contain_text("存成了草稿")
    held = result.locator("[data-part=held]")
    expect(held).to_contain_text(f"{word}多久浇一次水 → 修剪")
    must_be_accessible(page)
    opened.picture(artefacts, "import-held")
    held.get_by_role("link").click()
    expect(page.locator(".banner").first).to_contain_text("知识测试没通过")
    page.goto(product.url + "/knowledge/review")
    waits = page.locator("section", has_text="导入时知识测试没通过")
    expect(waits).to_contain_text(word)
    expect(page.locator("main")).not_to_contain_text("Tests of knowledge")

    page.goto(product.url + "/knowledge/import")
    page.get_by_label("知识测试没通过的也照样收下").check()
    page.get_by_label("为什么（会记下来）").fill("修剪明天补")
    page.locator("#files").set_input_files(file)
    expect(result.locator(".good")).to_contain_text("导入完成")
    expect(result).to_contain_text("照样收下了")


def test_many_articles_are_moved_and_archived_and_what_was_not_is_told(
    window: Open, product: Product, artefacts: Path
) -> None:
    opened, colleague = window(), window()
    sign_in(opened, product, product.editor)
    sign_in(colleague, product, product.admin)
    word = plant()
    articles = [publish(opened, product, text_about(word)) for _ in range(3)]
    theirs = editor_of(colleague, product, articles[0])
    theirs.fill(theirs.input_value() + "\n我在写。\n")
    colleague.page.locator("#save").click()
    is_saved(colleague.page)

    page = opened.page
    page.goto(f"{product.url}/knowledge?q={word}")
    rows = page.locator("#list tbody tr")
    expect(rows).to_have_count(3)
    bar = page.get_by_role("group", name="对选中的文章")
    expect(bar).to_be_hidden()
    page.get_by_label("选中这一页的全部").press("Space")
    expect(bar).to_contain_text("已选 3 篇")
    rows.first.get_by_role("checkbox").press("Space")
    expect(bar).to_contain_text("已选 2 篇")
    rows.first.get_by_role("checkbox").press("Space")
    must_be_accessible(page)
    opened.picture(artefacts, "bulk")
    bar.get_by_role("button", name="移动分类").press("Enter")
    dialog = page.locator("dialog")
    expect(dialog.get_by_role("heading", name="移动 3 篇文章")).to_be_visible()
    dialog.get_by_label("分类").fill(f"植物/{word}")
    dialog.get_by_role("button", name="移动 3 篇", exact=True).click()
    told = page.locator("dialog", has_text="1 篇没有做")
    expect(told).to_contain_text("已生效 2")
    expect(told).to_contain_text("在写它的草稿")
    must_be_accessible(page)
    opened.picture(artefacts, "bulk-result")
    told.get_by_role("button", name="知道了").click()
    expect(bar).to_be_hidden()
    expect(page.get_by_role("tree")).to_contain_text("植物")
    expect(rows.filter(has_text=f"植物 / {word}")).to_have_count(2)

    page.get_by_label("选中这一页的全部").check()
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    page.get_by_label("选中这一页的全部").check()
    bar.get_by_role("button", name="归档").click()
    in_dialog_step(page, "归档 3 篇")
    page.get_by_role("button", name="知道了").click()
    expect(rows).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    must_fit(page)


def in_dialog_step(page: Page, button: str) -> None:
    """Answer the dialog that asks, after which another one tells what was done."""
    page.locator("dialog").get_by_role("button", name=button, exact=True).click()
    expect(page.locator("dialog", has_text="做完了")).to_be_visible()
