"""Answers fit for a chat: short first, the rest in place, rows of tables, one clear question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.looks import must_be_accessible, must_fit
from tests.browser.people import Customer, Desk, Window, publish, sign_in
from tests.browser.product import Product

Open = Callable[..., Window]

PROVINCES = "北京,天津,河北,山西,辽宁,吉林,上海,江苏,浙江,安徽,福建,江西,山东,河南,湖北,湖南"
GUIDE = """---
id: rain-cover
title: 防雨罩使用说明
questions: [防雨罩怎么装, 防雨罩安装方法]
---

## 防雨罩怎么装

先把防雨罩完全展开，分清有反光条的一面是背面，再从包的底部往上套，一直套到肩带的位置。\
套好以后把底部的抽绳收紧，扣上两边的插扣，确认没有露出来的地方。

包里东西多的时候先把侧袋清空再套，不然底部会绷得太紧，容易把缝线扯开。用完以后要在阴凉处晾干再收，\
湿着收会发霉，也会让涂层脱落。收的时候从两边往中间折，折到手掌大小放进底部的小袋。

涂层不能机洗，也不能用热水，脏了用湿布擦。
"""
FEES = "\n".join(
    [
        "---",
        "id: sofa-fees",
        "title: 沙发物流价目",
        "questions: [沙发物流费多少, 沙发寄到各省多少钱]",
        "---",
        "",
        "## 沙发物流价目",
        "",
        "| 省份 | 首件 | 每加一件 | 上楼费 | 送达时间 | 能不能预约 | 说明 |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {name} | {50 + n} 元 | {20 + n} 元 | 每层 {n} 元 | {n} 天 | 能 | 送到楼下 |"
            for n, name in enumerate(PROVINCES.split(","), start=1)
        ),
        "",
    ]
)


@pytest.fixture(scope="module", autouse=True)
def articles(browser: Browser, product: Product) -> None:
    """What the journeys here ask about."""
    context = browser.new_context()
    opened = Window(context.new_page())
    sign_in(opened, product, product.editor)
    publish(opened, product, GUIDE)
    publish(opened, product, FEES)
    context.close()


def more(customer: Customer) -> Locator:
    return customer.frame.locator(".jd-more").last


def offered(customer: Customer) -> Locator:
    """What the bot's last question offers."""
    return customer.frame.locator(".jd-choices").last.locator(".jd-choice")


def test_the_rest_of_an_answer_opens_in_place_and_is_there_for_everybody(
    window: Open, product: Product, artefacts: Path
) -> None:
    opened = window(width=390, height=844)
    customer = Customer.on_page(opened, product)
    answer = customer.ask("防雨罩怎么装")
    expect(answer).to_contain_text("确认没有露出来的地方")
    expect(answer).not_to_contain_text("湿布擦")
    expect(more(customer)).to_have_text("展开全部")
    expect(more(customer)).to_have_attribute("aria-expanded", "false")
    opened.picture(artefacts, "answer-short-phone")
    must_be_accessible(opened.page)
    said = customer.said_by("customer").count(), customer.said_by("bot").count()
    top = answer.evaluate("node => node.getBoundingClientRect().top")

    more(customer).focus()
    opened.page.keyboard.press("Enter")
    expect(answer).to_contain_text("湿布擦")
    expect(more(customer)).to_have_attribute("aria-expanded", "true")
    expect(more(customer)).to_be_focused()
    assert abs(answer.evaluate("node => node.getBoundingClientRect().top") - top) < 2
    assert (customer.said_by("customer").count(), customer.said_by("bot").count()) == said
    opened.picture(artefacts, "answer-whole-phone")
    must_fit(opened.page)

    opened.page.keyboard.press("Enter")
    expect(answer).not_to_contain_text("湿布擦")
    opened.page.reload()
    answer = customer.said_by("bot").last
    expect(answer).not_to_contain_text("湿布擦")
    more(customer).click()
    expect(answer).to_contain_text("湿布擦")

    customer.fetch_person()
    marker = f"防雨罩 {uuid4().hex[:6]}"
    customer.say(marker)
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    expect(desk.messages.filter(has_text="湿布擦")).to_have_count(1)


def test_an_opened_answer_stays_open_when_the_talk_goes_on(window: Open, product: Product) -> None:
    customer = Customer.on_page(window(), product)
    answer = customer.ask("防雨罩怎么装")
    more(customer).click()
    place = customer.said_by("bot").count() - 1
    customer.ask("你好")
    expect(customer.said_by("bot").nth(place)).to_contain_text("湿布擦")
    expect(answer).to_be_visible()


@pytest.mark.parametrize(("name", "width", "height"), [("phone", 390, 844), ("desktop", 1440, 900)])
def test_a_question_about_one_row_gets_it_and_the_table_on_demand(
    window: Open, product: Product, artefacts: Path, name: str, width: int, height: int
) -> None:
    opened = window(width=width, height=height)
    customer = Customer.on_page(opened, product)
    answer = customer.ask("沙发寄到湖南首件多少钱")
    expect(answer.locator("tbody tr")).to_have_count(1)
    expect(answer.locator("tbody td").nth(1)).to_have_text("66 元")
    opened.picture(artefacts, f"answer-row-{name}")
    more(customer).click()
    expect(answer.locator("tbody tr")).to_have_count(16)
    opened.picture(artefacts, f"answer-table-{name}")
    must_fit(opened.page)
    must_be_accessible(opened.page)


def test_a_wide_table_scrolls_by_itself_and_by_keyboard(window: Open, product: Product) -> None:
    opened = window(width=390, height=844)
    customer = Customer.on_page(opened, product)
    frame = customer.ask("沙发寄到湖南首件多少钱").locator(".jd-wide")
    expect(frame).to_have_attribute("tabindex", "0")
    frame.focus()
    opened.page.keyboard.press("ArrowRight")
    expect(frame).not_to_have_js_property("scrollLeft", 0)


def test_of_several_passages_the_customer_chooses_by_button_or_in_words(
    window: Open, product: Product, artefacts: Path
) -> None:
    opened = window(width=820, height=1180)
    customer = Customer.on_page(opened, product)
    customer.ask("尺码表")
    choices = offered(customer)
    expect(choices.nth(1)).to_be_enabled()
    opened.picture(artefacts, "answer-choices-tablet")
    must_be_accessible(opened.page)
    chosen = choices.nth(1).text_content() or ""
    choices.nth(1).click()
    expect(customer.said_by("customer").last).to_have_text(chosen)
    sources = customer.frame.locator(".jd-sources").last
    sources.locator("summary").click()
    expect(sources.locator("li")).to_have_text([chosen.replace(" · ", " › ")])

    customer.ask("尺码表")
    customer.ask("第一个")
    expect(customer.frame.locator(".jd-sources")).to_have_count(2)


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [("phone", 390, 844), ("tablet", 1024, 768), ("desktop", 1440, 900)],
)
def test_what_was_offered_stays_with_the_choice_marked(
    window: Open, product: Product, artefacts: Path, name: str, width: int, height: int
) -> None:
    opened = window(width=width, height=height)
    customer = Customer.on_page(opened, product)
    customer.ask("尺码表")
    labels = offered(customer).all_text_contents()
    offered(customer).nth(1).click()
    expect(customer.frame.locator(".jd-sources")).to_have_count(1)
    wanted = [f"{label}（已选）" if at == 1 else label for at, label in enumerate(labels)]
    for reloaded in (False, True):
        if reloaded:
            opened.page.reload()
        expect(offered(customer)).to_have_text(wanted)
        expect(offered(customer).and_(customer.frame.locator(":enabled"))).to_have_count(0)
    opened.picture(artefacts, f"answer-chosen-{name}")
    must_be_accessible(opened.page)
    must_fit(opened.page)


def test_the_buttons_speak_english(window: Open, product: Product, artefacts: Path) -> None:
    opened = window(locale="en-GB")
    opened.page.goto(product.url + "/?locale=en")
    customer = Customer.at_widget(opened)
    customer.ask("the box is damaged on arrival, what should I do")
    expect(more(customer)).to_have_text("Show more")
    more(customer).press("Space")
    expect(more(customer)).to_have_text("Show less")
    opened.picture(artefacts, "answer-english-desktop")
