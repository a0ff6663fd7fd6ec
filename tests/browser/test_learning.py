"""From a question that the bot could not answer to the answer, and the pages on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import must_be_accessible, must_fit
from tests.browser.people import Customer, Desk, Window, sign_in
from tests.browser.product import Product

Open = Callable[..., Window]


def publish_draft(page: Page, article_id: str) -> int:
    """Publish what is drafted, as the editor would; the status of the answer."""
    status: int = page.evaluate(
        """async (id) => {
          const headers = {"Content-Type": "application/json",
            "X-CSRF-Token": document.querySelector("meta[name='csrf-token']").content};
          const draft = await (await fetch(`/api/v1/articles/${id}/draft`)).json();
          const body = JSON.stringify({version: draft.version, override: "demo"});
          const path = `/api/v1/articles/${id}/draft/publish`;
          return (await fetch(path, {method: "POST", headers, body})).status;
        }""",
        article_id,
    )
    return status


def test_a_gap_becomes_a_draft_and_the_draft_an_answer(window: Open, product: Product) -> None:
    word = "刻字" + uuid4().hex[:3]
    question = f"买杯子可以免费{word}吗"
    customer = Customer.on_page(window(), product)
    customer.ask(question)
    customer.fetch_person()
    customer.say(f"我等{word}的消息")
    desk = Desk.open(window(), product, product.agent)
    desk.take(f"我等{word}的消息")
    reply = f"{word}可以的，免费四个字，发货会晚两天。"
    desk.write(reply)
    expect(customer.said_by("agent").last).to_contain_text(reply)

    editor = window()
    sign_in(editor, product, product.editor)
    page = editor.page
    page.goto(product.url + "/knowledge/gaps")
    page.get_by_role("button", name="现在更新").click()
    page.get_by_role("link", name=question).click()
    expect(page.locator("h1")).to_have_text(question)
    expect(page.locator("#gap")).to_contain_text(reply)
    page.get_by_role("button", name="写成新文章").click()
    dialog = page.locator("dialog")
    expect(dialog.get_by_role("checkbox")).to_be_checked()
    dialog.get_by_role("button", name="写成草稿").click()
    page.wait_for_url("**/edit")
    article_id = page.url.split("/")[-2]
    assert page.evaluate("decodeURIComponent", article_id) == question

    page.goto(product.url + "/knowledge/gaps")
    assert publish_draft(page, article_id) == 200
    page.get_by_role("button", name="已解决").click()
    expect(page.get_by_role("link", name=question)).to_be_visible()
    asking = Customer.on_page(window(), product)
    asking.ask(question)
    expect(asking.said_by("bot").last).to_contain_text("免费四个字")


def test_a_customer_says_whether_an_answer_helped(window: Open, product: Product) -> None:
    customer = Customer.on_page(window(), product)
    customer.ask("运费多少钱")
    unhelpful = customer.frame.get_by_role("button", name="没帮助").last
    unhelpful.focus()
    unhelpful.press("Enter")
    expect(unhelpful).to_have_attribute("aria-pressed", "true")
    helpful = customer.frame.get_by_role("button", name="有帮助").last
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    expect(unhelpful).to_have_attribute("aria-pressed", "false")


def test_an_editor_matches_customers_words_to_those_of_the_articles(
    window: Open, product: Product, artefacts: Path, tmp_path: Path
) -> None:
    opened = window(expects=("409",))
    sign_in(opened, product, product.editor)
    page = opened.page
    page.goto(product.url + "/knowledge/terms")
    word = "金票" + uuid4().hex[:3]
    page.get_by_role("button", name="加一个词条").first.click()
    page.get_by_label("词条", exact=True).fill("电子发票")
    page.get_by_label("别的说法").fill(f"{word}，小票票")
    page.get_by_role("button", name="保存").click()
    row = page.get_by_role("row").filter(has_text=word)
    expect(row).to_contain_text("小票票")
    opened.picture(artefacts, "terms-one")

    row.get_by_role("button", name="修改").click()
    page.get_by_label("含义（选填）").fill("报销用的凭据")
    opened.picture(artefacts, "terms-editing")
    page.get_by_role("button", name="保存").click()
    expect(row).to_contain_text("报销用的凭据")

    page.get_by_role("button", name="加一个词条").click()
    page.get_by_label("词条", exact=True).fill("纸质凭据")
    page.get_by_label("别的说法").fill(word)
    page.get_by_label("别的说法").press("Tab")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("已经是词条“电子发票”的说法")
    page.keyboard.press("Escape")
    expect(page.locator(".term-form")).to_have_count(0)

    file = tmp_path / "terms.csv"
    file.write_text("term,synonyms\n上门取件,到家拿货\n票,票据\n", encoding="utf-8")
    page.get_by_label("选一个词表文件").set_input_files(file)
    expect(page.locator(".terms-report")).to_contain_text("“票”只有一个字")
    expect(page.get_by_role("row").filter(has_text="到家拿货")).to_be_visible()
    opened.picture(artefacts, "terms-imported")
    page.get_by_label("查找同义词").fill(word)
    expect(page.get_by_role("row").filter(has_text="到家拿货")).to_have_count(0)

    page.goto(product.url + "/knowledge")
    page.locator("#question").fill(f"{word}怎么开")
    page.locator("#ask button[type=submit]").click()
    expect(page.locator(".read-as")).to_contain_text(f"“{word}”按“电子发票”去找")
    expect(page.locator(".hit").first).to_contain_text("发票")


def test_an_editor_asks_the_text_before_anybody_gets_it(
    window: Open, product: Product, artefacts: Path
) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    page = opened.page
    word = "陶笛" + uuid4().hex[:3]
    page.goto(product.url + "/knowledge/new")
    text = f"---\ntitle: {word}保养\n---\n\n## {word}怎么清洗\n\n用棉签蘸清水擦{word}的吹口。\n"
    page.locator("#source").fill(text)
    page.get_by_role("button", name="试问", exact=True).click()
    page.locator("#question").fill(f"{word}怎么清洗")
    page.locator("#ask button[type=submit]").click()
    first = page.locator("#answer .hit").first
    expect(first).to_contain_text("来自这份草稿")
    expect(first).to_contain_text(f"用棉签蘸清水擦{word}的吹口")
    expect(page.locator("#answer .verdict")).to_contain_text("会对客户说")
    opened.picture(artefacts, "ask-draft")

    page.get_by_role("button", name="现在线上的").press("Enter")
    expect(page.locator("#ask-about")).to_contain_text("还没发布的改动不算在内")
    expect(page.locator("#answer")).not_to_contain_text("来自这份草稿")
    expect(page.locator("#answer")).not_to_contain_text("用棉签")


def test_an_agents_reply_is_proposed_and_becomes_a_draft(
    window: Open, product: Product, artefacts: Path
) -> None:
    word = "镶边" + uuid4().hex[:3]
    question = f"杯垫可以{word}吗"
    customer = Customer.on_page(window(), product)
    customer.ask("你好")
    customer.fetch_person()
    customer.say(question)
    at_desk = window(expects=("409",))
    desk = Desk.open(at_desk, product, product.agent)
    desk.take(question)
    reply = f"{word}可以做，两天内寄出。"
    desk.write(f"您好，看到您问{word}。")
    desk.write(reply)

    own = desk.page.locator(".said.agent").filter(has_text=reply)
    button = own.get_by_role("button", name="提议为知识")
    own.hover()
    at_desk.picture(artefacts, "desk-propose")
    button.focus()
    button.press("Enter")
    dialog = desk.page.get_by_role("dialog", name="提议为知识")
    expect(dialog.get_by_label("客户的问题")).to_have_value(question)
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(1)
    expect(dialog.get_by_role("checkbox")).to_have_count(2)
    must_be_accessible(desk.page)
    at_desk.picture(artefacts, "desk-proposing")
    dialog.get_by_role("button", name="提议", exact=True).click()
    expect(own.locator(".proposed")).to_contain_text("已提议为知识")
    at_desk.picture(artefacts, "desk-proposed")
    desk.page.reload()
    expect(desk.page.locator(".proposed")).to_have_attribute("data-state", "waiting")

    editor = window()
    sign_in(editor, product, product.editor)
    page = editor.page
    page.goto(product.url + "/knowledge/gaps")
    card = page.get_by_role("article").filter(has_text=reply)
    expect(card).to_contain_text(question)
    card.get_by_role("button", name="写成草稿").click()
    page.wait_for_url("**/edit")
    expect(page.locator("#source")).to_have_value(re.compile(reply))
    desk.page.reload()
    expect(desk.page.locator(".proposed")).to_contain_text("已写成知识草稿")

    # the key proposes the latest reply that is not proposed yet; refused, it says why
    desk.page.locator(".thread").click()
    desk.page.keyboard.press("p")
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(1)
    dialog.get_by_role("button", name="提议", exact=True).click()
    greeting = desk.page.locator(".said.agent").filter(has_text="您好，看到您问")
    expect(greeting.locator(".proposed")).to_contain_text("已提议为知识")
    page.goto(product.url + "/knowledge/gaps")
    card = page.get_by_role("article").filter(has_text=f"您好，看到您问{word}")
    card.get_by_label("不采用的原因").fill("只是打招呼")
    card.get_by_role("button", name="退回").click()
    expect(card).to_have_count(0)
    desk.page.reload()
    expect(greeting.locator(".proposed")).to_contain_text("没有采用：只是打招呼")


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("name", ["gaps", "terms", "health", "tests"])
def test_the_pages_fit_and_are_accessible(
    window: Open, product: Product, artefacts: Path, width: int, name: str
) -> None:
    opened = window(width=width)
    sign_in(opened, product, product.editor)
    opened.page.goto(f"{product.url}/knowledge/{name}")
    expect(opened.page.locator("#list .skeleton")).to_have_count(0)
    must_fit(opened.page)
    must_be_accessible(opened.page)
    opened.picture(artefacts, f"knowledge-{name}-{width}")
