"""Editors' journeys: write, review, publish, ask; two at once; the history; nothing is lost."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.looks import must_be_accessible, must_fit
from tests.browser.people import Customer, Window, publish, sign_in
from tests.browser.product import Product

Open = Callable[..., Window]

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def plant() -> str:
    """A word that no other test and no article of the demo has."""
    return f"绿萝{uuid4().hex[:5]}"


def text_about(word: str, answer: str = "夏天三天一次，冬天**十天一次**。") -> str:
    """An article about this word, with an id of its own."""
    return (
        f"---\nid: plant-{uuid4().hex[:8]}\ntitle: {word}盆栽怎么浇水\n"
        f"questions:\n  - {word}多久浇一次水\n---\n\n## 多久浇一次\n\n{answer}\n"
    )


def editor_of(opened: Window, product: Product, article: str) -> Locator:
    """Open the editor on an article; returns the source."""
    opened.page.goto(f"{product.url}/knowledge/{article}/edit")
    source = opened.page.locator("#source")
    expect(source).not_to_have_value("")
    return source


def is_saved(page: Page) -> None:
    """Wait until the server has everything that was typed."""
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    expect(page.locator("#save")).to_be_disabled()


def in_dialog(page: Page, button: str, reason: str = "") -> None:
    """Answer the dialog that is open."""
    dialog = page.locator("dialog")
    if reason:
        dialog.locator("textarea").first.fill(reason)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def test_what_one_writes_another_reviews_and_customers_are_told(
    window: Open, product: Product, artefacts: Path
) -> None:
    word = plant()
    writer = window()
    sign_in(writer, product, product.editor)
    page = writer.page

    # written, with a preview that runs nothing
    page.goto(product.url + "/knowledge/new")
    expect(page.locator("#preview h1")).to_have_text("文章标题")
    expect(page.locator("#publish")).to_be_disabled()
    text = text_about(word) + "\n<script>window.hacked=1</script>\n"
    page.locator("#source").fill(text)
    expect(page.locator("#preview strong")).to_have_text("十天一次")
    assert page.evaluate("window.hacked") is None

    # saved by itself, and submitted
    page.wait_for_url("**/knowledge/plant-*/edit")
    is_saved(page)
    article = page.url.split("/")[-2]
    page.locator("#submit").click()
    in_dialog(page, "提交", "请看看频率对不对")
    expect(page.locator("#source")).not_to_be_editable()
    expect(page.locator("#banner")).to_contain_text("请看看频率对不对")

    # customers are not told what nobody has approved
    customer = Customer.on_page(window(), product)
    expect(customer.ask(f"{word}多久浇一次水")).not_to_contain_text("十天一次")

    # sent back with a reason, mended, submitted again
    reviewer = window()
    sign_in(reviewer, product, product.admin)
    reviewer.page.goto(product.url + "/knowledge/review")
    reviewer.page.get_by_role("link", name=f"{word}盆栽怎么浇水").click()
    expect(reviewer.page.locator("#texts strong")).to_have_text("十天一次")
    reviewer.page.get_by_role("button", name="改动", exact=True).click()
    expect(reviewer.page.locator(".diff ins").first).to_be_visible()
    reviewer.picture(artefacts, "review-diff")
    reviewer.page.get_by_role("button", name="退回修改").click()
    in_dialog(reviewer.page, "退回", "春秋怎么浇没有写")
    page.reload()
    expect(page.locator("#banner")).to_contain_text("春秋怎么浇没有写")
    page.locator("#source").fill(text.replace("冬天", "春秋五天一次，冬天"))
    page.locator("#submit").click()
    in_dialog(page, "提交")

    # approved, live, said
    reviewer.page.goto(f"{product.url}/knowledge/{article}/compare?from=live&to=draft")
    reviewer.page.get_by_role("button", name="通过并发布").click()
    in_dialog(reviewer.page, "通过", "补齐了")
    reviewer.page.wait_for_url(f"**/knowledge/{article}")
    expect(reviewer.page.locator("h1 + .row-line")).to_have_text("已发布")
    answered = customer.ask(f"{word}多久浇一次水")
    expect(answered).to_contain_text("春秋五天一次")
    sources = customer.frame.locator(".jd-sources").last
    sources.locator("summary").click()
    expect(sources).to_contain_text(f"{word}盆栽怎么浇水")

    # and the box that asks says the same, and why
    reviewer.page.locator("#question").fill(f"{word}多久浇一次水")
    reviewer.page.locator("#ask button").click()
    expect(reviewer.page.locator("#answer .good")).to_contain_text("会对客户说")
    expect(reviewer.page.locator("#answer .hit").first).to_contain_text("这一篇")


def test_two_editors_do_not_overwrite_each_other(
    window: Open, product: Product, artefacts: Path
) -> None:
    first, second = window(expects=("409",)), window()
    for opened, email in ((first, product.editor), (second, product.admin)):
        sign_in(opened, product, email)
    text = text_about(plant())
    article = publish(second, product, text)
    mine, theirs = (editor_of(opened, product, article) for opened in (first, second))

    theirs.fill(text + "\n管理员加的一句。\n")
    second.page.locator("#save").click()
    is_saved(second.page)
    mine.fill(text + "\n编辑加的一句。\n")
    first.page.locator("#save").click()

    dialog = first.page.locator("dialog")
    expect(dialog).to_contain_text("别人刚改过")
    expect(dialog.locator("textarea").first).to_have_value(text + "\n管理员加的一句。\n")
    expect(dialog.locator("textarea").last).to_have_value(text + "\n编辑加的一句。\n")
    expect(dialog.locator(".diff")).to_contain_text("管理员加的一句")
    must_be_accessible(first.page)
    first.picture(artefacts, "editor-conflict")
    both = text + "\n管理员加的一句。\n\n编辑加的一句。\n"
    dialog.locator("textarea").last.fill(both)
    in_dialog(first.page, "保存右边的")
    expect(mine).to_have_value(both)
    second.page.reload()
    expect(theirs).to_have_value(both)


def test_a_draft_of_a_text_that_was_published_meanwhile_is_settled_by_hand(
    window: Open, product: Product
) -> None:
    first, second = window(expects=("409",)), window()
    for opened, email in ((first, product.editor), (second, product.admin)):
        sign_in(opened, product, email)
    text = text_about(plant())
    article = publish(second, product, text)
    mine, theirs = (editor_of(opened, product, article) for opened in (first, second))
    theirs.fill(text + "\n先发布的一句。\n")
    second.page.locator("#publish").click()
    in_dialog(second.page, "发布")
    expect(second.page.locator("#badges")).to_have_text("已发布")

    mine.fill(text + "\n后写的一句。\n")
    first.page.locator("#save").click()
    expect(first.page.locator("dialog")).to_contain_text("发布了第 3 版")
    in_dialog(first.page, "放弃我的，用对方的")
    expect(mine).to_have_value(text + "\n先发布的一句。\n")


def test_the_history_shows_who_changed_what_and_brings_it_back(
    window: Open, product: Product, artefacts: Path
) -> None:
    opened = window()
    sign_in(opened, product, product.admin)
    word = plant()
    text = text_about(word)
    article = publish(opened, product, text)
    page = opened.page
    source = editor_of(opened, product, article)
    source.fill(text.replace("十天", "半个月"))
    page.locator("#publish").click()
    in_dialog(page, "发布", "冬天浇少一点")
    expect(page.locator("#badges")).to_have_text("已发布")

    page.get_by_role("link", name="历史").click()
    newest = page.locator(".history tbody tr").first
    expect(newest).to_contain_text("冬天浇少一点")
    expect(newest).to_contain_text("客户看到的")
    must_be_accessible(page)
    newest.get_by_role("link", name=re.compile("改了什么")).click()
    expect(page.locator(".diff del")).to_have_text("十天")
    expect(page.locator(".diff ins")).to_have_text("半个月")
    expect(page.locator(".diff-tally")).to_have_text("改了 1 行")
    must_be_accessible(page)
    opened.picture(artefacts, "diff")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".diff-one .diff-removed")).to_contain_text("十天")
    expect(page.locator(".diff-one .diff-added")).to_contain_text("半个月")
    must_fit(page)
    opened.picture(artefacts, "diff-phone")
    page.set_viewport_size({"width": 1440, "height": 900})

    page.goto(f"{product.url}/knowledge/{article}/history")
    page.get_by_role("link", name="第 1 版和现在的对比").click()
    page.get_by_role("button", name="客户会看到的样子").click()
    expect(page.locator("#texts strong")).to_have_text("十天一次")
    page.get_by_role("button", name="恢复到这一版").click()
    in_dialog(page, "恢复这一版", "半个月太久")
    page.wait_for_url(f"**/knowledge/{article}")
    expect(page.locator("article strong")).to_have_text("十天一次")
    page.get_by_role("link", name="历史").click()
    expect(page.locator(".history tbody tr").first).to_contain_text("恢复到第 1 版")
    expect(page.locator(".history tbody tr").first).to_contain_text("半个月太久")


def test_the_form_and_the_source_say_the_same(window: Open, product: Product) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    page = opened.page
    page.goto(product.url + "/knowledge/new")
    source = page.locator("#source")
    page.get_by_role("button", name="属性").click()
    word = plant()
    form = page.locator("#form")
    form.get_by_label("标题", exact=True).fill(f"{word}: 怎么养")
    expect(source).to_have_value(re.compile(f'title: "{word}: 怎么养"'))
    form.get_by_label("分类", exact=True).fill("家居/植物")
    form.get_by_label("标签", exact=True).fill("植物，绿萝")
    form.get_by_label("有效期至", exact=True).fill("2030-01-31")
    form.get_by_label("第 1 个问题", exact=True).first.fill(f"{word}怕晒吗")
    form.get_by_label("第 1 个问题由哪一段回答", exact=True).first.select_option("小标题")
    expect(source).to_have_value(re.compile(f"  - {word}怕晒吗 -> 小标题"))
    tests = page.get_by_role("group", name="知识测试")
    tests.get_by_role("button", name="加一条").click()
    tests.get_by_label("第 1 个问题", exact=True).fill("今天天气怎么样")
    expect(source).to_have_value(re.compile("question: 今天天气怎么样\n    heading: null"))
    must_be_accessible(page)

    written = source.input_value()
    source.fill(written.replace("家居/植物", "园艺"))
    expect(form.get_by_label("分类", exact=True)).to_have_value("园艺")
    source.fill(written.replace("tags: [植物, 绿萝]", "tags: [没有收尾"))
    expect(page.locator("#form .problem")).to_be_visible()
    expect(form.get_by_label("分类", exact=True)).to_be_disabled()
    source.fill(written)
    expect(form.get_by_label("标签", exact=True)).to_have_value("植物，绿萝")
    page.locator("#save").click()
    is_saved(page)


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [("phone", 390, 844), ("tablet", 1024, 768), ("desktop", 1440, 900)],
)
def test_words_of_the_template_are_not_published(
    window: Open, product: Product, artefacts: Path, name: str, width: int, height: int
) -> None:
    opened = window(width=width, height=height)
    sign_in(opened, product, product.admin)
    page = opened.page
    page.goto(product.url + "/knowledge/new")
    source = page.locator("#source")
    expect(source).to_have_value(re.compile("文章标题"))
    expect(page.locator("#problems")).to_be_empty()
    source.fill(source.input_value().replace("文章标题", f"{plant()}怎么养"))
    expect(page.locator("#problems")).to_contain_text("发布前要改好 3 处")
    expect(page.locator("#problems")).to_contain_text("“小标题”还是模板里的字")
    is_saved(page)
    must_be_accessible(page)
    must_fit(page)
    page.locator("#publish").click()
    expect(page.locator(".toast-box")).to_contain_text("还有 3 处要改好")
    must_be_accessible(page)
    opened.picture(artefacts, f"editor-template-{name}")

    source.fill(f"# {plant()}\n\n## 怎么浇水\n\n十天一次。\n")
    expect(page.locator("#problems")).to_be_empty()
    expect(page.locator("#preview h1")).to_have_count(1)


def test_what_is_wrong_stands_beside_its_line(
    window: Open, product: Product, artefacts: Path
) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    article = publish(opened, product, text_about(plant()))
    page = opened.page
    source = editor_of(opened, product, article)
    source.fill(source.input_value().replace("浇一次水\n", "浇一次水 -> 没有的小标题\n"))
    expect(page.locator(".line.wrong .line-problem")).to_contain_text("文章里没有")
    expect(page.locator("#problems")).to_contain_text("第 5 行")
    must_be_accessible(page)
    opened.picture(artefacts, "editor-problem")
    page.locator("#publish").click()
    expect(page.locator(".toast-box")).to_contain_text("还有 1 处要改好")
    page.get_by_role("button", name="第 5 行").click()
    expect(source).to_be_focused()
    assert page.evaluate("source.value.slice(0, source.selectionStart).split('\\n').length") == 5


def test_the_toolbar_marks_what_is_selected_and_is_undone(window: Open, product: Product) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    page = opened.page
    page.goto(product.url + "/knowledge/new")
    source = page.locator("#source")
    expect(page.locator("#preview h2")).to_be_visible()
    source.fill("浇水")
    source.press("Control+a")
    source.press("Control+b")
    expect(source).to_have_value("**浇水**")
    source.press("Control+b")
    expect(source).to_have_value("浇水")
    page.get_by_role("button", name="小标题", exact=True).click()
    expect(source).to_have_value("## 浇水")
    source.press("Control+z")
    expect(source).to_have_value("浇水")
    page.get_by_role("button", name="表格").click()
    expect(page.locator("#preview table")).to_be_visible()


def test_a_picture_is_dropped_in(window: Open, product: Product) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    article = publish(opened, product, text_about(plant()))
    page = opened.page
    source = editor_of(opened, product, article)
    source.press("Control+End")
    page.locator("#picture").set_input_files(
        {"name": "浇水.png", "mimeType": "image/png", "buffer": PIXEL}
    )
    expect(source).to_have_value(re.compile(r"!\[浇水\]\(/files/"))
    picture = page.locator("#preview img")
    expect(picture).to_have_attribute("alt", "浇水")
    expect(picture).to_have_js_property("naturalWidth", 1)


def test_what_is_typed_is_kept_until_it_is_saved(window: Open, product: Product) -> None:
    opened = window(expects=("ERR_INTERNET_DISCONNECTED", "ERR_FAILED"))
    sign_in(opened, product, product.editor)
    article = publish(opened, product, text_about(plant()))
    page = opened.page
    source = editor_of(opened, product, article)
    page.context.set_offline(True)
    source.press("Control+End")
    page.keyboard.type("没写完")
    page.locator("#save").click()
    expect(page.locator("#saved")).to_contain_text("已存在这台电脑上")
    page.context.set_offline(False)
    page.reload()
    expect(source).to_have_value(re.compile("没写完$"))
    is_saved(page)


def test_a_session_that_ends_takes_no_text_with_it(window: Open, product: Product) -> None:
    opened = window(expects=("401",))
    sign_in(opened, product, product.editor)
    article = publish(opened, product, text_about(plant()))
    page = opened.page
    source = editor_of(opened, product, article)
    page.context.clear_cookies()
    source.press("Control+End")
    page.keyboard.type("登录过期时写的")
    page.locator("#banner").get_by_role("link", name="去登录").click()
    page.locator("#email").fill(product.editor)
    page.locator("#password").fill(product.password)
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"**/knowledge/{article}/edit")
    expect(source).to_have_value(re.compile("登录过期时写的$"))


def test_a_discarded_draft_is_undone(window: Open, product: Product) -> None:
    opened = window()
    sign_in(opened, product, product.editor)
    text = text_about(plant())
    article = publish(opened, product, text)
    page = opened.page
    source = editor_of(opened, product, article)
    source.fill(text + "\n想了想不要了。\n")
    page.locator("#save").click()
    is_saved(page)
    page.get_by_role("button", name="放弃草稿").click()
    in_dialog(page, "放弃草稿")
    expect(source).to_have_value(text)
    page.locator(".toast-box").get_by_role("button", name="撤销").click()
    expect(source).to_have_value(text + "\n想了想不要了。\n")


def test_the_library_is_searched_filtered_and_walked_by_keys(
    window: Open, product: Product
) -> None:
    opened = window()
    sign_in(opened, product, product.admin)
    word = plant()
    for branch in ("植物/绿萝", "植物/吊兰"):
        publish(opened, product, text_about(word).replace("title:", f"category: {branch}\ntitle:"))
    page = opened.page
    page.goto(product.url + "/knowledge")
    rows = page.locator("#list tbody tr")
    page.locator("#find").fill(word)
    expect(rows).to_have_count(2)
    tree = page.get_by_role("tree")
    tree.get_by_role("treeitem", name="全部").focus()
    page.keyboard.press("ArrowDown")
    expect(tree.get_by_role("treeitem", name="植物")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("category="))
    page.go_back()
    expect(rows).to_have_count(2)
    page.locator("#find").fill("没有这样的文章")
    page.get_by_role("button", name="清除所有条件").click()
    expect(page.locator(".pager")).to_contain_text("第 1 /")
    page.get_by_role("button", name="下一页").click()
    expect(page).to_have_url(re.compile("page=2"))


def test_an_archived_article_comes_back(window: Open, product: Product) -> None:
    opened = window()
    sign_in(opened, product, product.admin)
    article = publish(opened, product, text_about(plant()))
    page = opened.page
    page.goto(f"{product.url}/knowledge/{article}")
    page.get_by_role("button", name="归档").click()
    in_dialog(page, "归档", "不卖了")
    expect(page.locator("h1 + .row-line")).to_have_text("已归档")
    page.get_by_role("button", name="恢复").click()
    in_dialog(page, "恢复")
    expect(page.locator("h1 + .row-line")).to_have_text("已发布")


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
    newcomer = window(expects=("401",))  # whose desk asks for its list whenever it likes
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
