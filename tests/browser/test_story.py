"""The main job, end to end: a customer asks, the bot answers, a person takes over."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.people import Customer, Desk, Window
from tests.browser.product import Product

Open = Callable[..., Window]


def test_a_customer_is_answered_then_handed_over_then_served(
    window: Open, product: Product, artefacts: Path
) -> None:
    customer = Customer.in_shop(window(), product)
    customer.window.picture(artefacts, "story-1-greeting")
    desk = Desk.open(window(), product, product.agent)
    marker = f"订单的事 {uuid4().hex[:6]}"

    # a question from the knowledge base, with its source
    customer.ask("拆了包装还能退不")
    expect(customer.frame.locator(".jd-ai").last).to_have_text("AI 生成")
    sources = customer.frame.locator(".jd-sources").last
    sources.locator("summary").click()
    expect(sources.locator("li").first).not_to_be_empty()
    customer.window.picture(artefacts, "story-2-answer-with-source")

    # a task of several turns against the shop's system
    customer.ask("我的快递咋还没到")
    customer.ask("20261101000001")
    found = customer.ask("0001")
    expect(found).to_contain_text("SF1000000000001")
    customer.window.picture(artefacts, "story-3-order")

    # a person, please
    customer.fetch_person()
    customer.say(marker)
    desk.group("queue")
    expect(desk.talk(marker)).to_be_visible()
    desk.window.picture(artefacts, "story-4-queue")

    # the agent sees everything before saying a word
    desk.take(marker)
    details = desk.page.locator("#details-pane")
    expect(details).to_contain_text("要求人工")
    expect(details).to_contain_text("20261101000001")
    expect(details).to_contain_text("查物流")
    expect(desk.messages.filter(has_text="SF1000000000001")).to_have_count(1)
    expect(customer.state).to_contain_text("小王")

    # live, both ways, without a reload; the bot is silent
    bot_said = customer.said_by("bot").count()
    desk.write("您好，我是小王，我帮您催一下派送。")
    expect(customer.said_by("agent").last).to_have_text("您好，我是小王，我帮您催一下派送。")
    customer.say("好的，拆了还能退吗")
    expect(desk.messages.last).to_have_text("好的，拆了还能退吗")
    assert customer.said_by("bot").count() == bot_said
    customer.window.picture(artefacts, "story-5-person")

    # a note stays inside
    desk.write("客户比较急，优先处理", note=True)
    desk.write("已经催了，明天一早送到。")
    expect(customer.said_by("agent").last).to_have_text("已经催了，明天一早送到。")
    assert "优先处理" not in (customer.frame.text_content() or "")
    desk.window.picture(artefacts, "story-6-desk")

    # a ticket, filled from what is known
    desk.action("开工单")
    form = desk.page.locator("dialog")
    expect(form.get_by_label("订单号")).to_have_value("20261101000001")
    form.get_by_label("标题").fill(f"催派送 {marker}")
    desk.window.picture(artefacts, "story-7-ticket")
    form.locator("button[type=submit]").click()
    link = details.get_by_role("link", name=f"催派送 {marker}")
    expect(link).to_be_visible()

    # the end, and how it was
    desk.action("结束")
    desk.page.locator("dialog button[type=submit]").click()
    expect(customer.state).to_contain_text("已结束")
    rating = customer.frame.locator(".jd-rating")
    rating.get_by_role("button", name="很满意", exact=True).click()
    rating.get_by_role("textbox").fill("很快")
    rating.get_by_role("button", name="提交评价").click()
    expect(rating).to_contain_text("谢谢")
    expect(details).to_contain_text("很快")
    customer.window.picture(artefacts, "story-8-rated")

    # the ticket lives on and is closed
    link.click()
    page = desk.page
    page.get_by_role("button", name="开始处理").click()
    expect(page.locator(".page-head .tag")).to_have_text("处理中")
    page.get_by_role("button", name="完成", exact=True).click()
    expect(page.locator(".page-head .tag")).to_have_text("已完成")
    desk.window.picture(artefacts, "story-9-ticket-closed")


def test_a_conversation_goes_on_after_a_reload(window: Open, product: Product) -> None:
    customer = Customer.in_shop(window(), product)
    customer.ask("怎么开发票")
    said = customer.frame.locator(".jd-bubble").all_text_contents()
    customer.input.fill("还没写完的话")
    customer.window.page.reload()
    again = Customer.at_widget(customer.window)
    expect(again.frame.locator(".jd-bubble")).to_have_count(len(said))
    assert again.frame.locator(".jd-bubble").all_text_contents() == said
    expect(again.input).to_have_value("还没写完的话")


def test_an_agent_transfers_with_a_word_and_the_colleague_goes_on(
    window: Open, product: Product
) -> None:
    marker = f"转接 {uuid4().hex[:6]}"
    customer = Customer.on_page(window(), product)
    customer.fetch_person()
    customer.say(marker)
    # a question that is under way while the transfer is stored may come back as "not yours"
    first = Desk.open(window(expects=("404",)), product, product.agent)
    second = Desk.open(window(), product, product.colleague)
    first.take(marker)
    first.action("转给同事")
    form = first.page.locator("dialog")
    form.get_by_label("同事").select_option(label="小赵")
    form.get_by_label("交代一句").fill("客户要改地址")
    form.locator("button[type=submit]").click()
    second.group("mine")
    second.talk("客户要改地址").click()
    expect(second.page.locator(".said.internal")).to_contain_text("客户要改地址")
    second.write("您好，我是小赵。")
    expect(customer.said_by("agent").last).to_have_text("您好，我是小赵。")
    expect(customer.state).to_contain_text("小赵")


def test_a_conversation_given_back_waits_again(window: Open, product: Product) -> None:
    marker = f"退回 {uuid4().hex[:6]}"
    customer = Customer.on_page(window(), product)
    customer.fetch_person()
    customer.say(marker)
    desk = Desk.open(window(), product, product.agent)
    desk.take(marker)
    expect(customer.state).to_contain_text("小王")
    desk.action("退回队列")
    customer.is_queued()
    desk.group("queue")
    expect(desk.talk(marker)).to_be_visible()
