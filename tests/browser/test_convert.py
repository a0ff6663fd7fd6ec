"""Editors bring Word and Excel files: they look first, then publish."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.looks import must_be_accessible, must_fit
from tests.browser.people import Window, sign_in
from tests.browser.product import Product
from tests.webapp.office import PICTURE, docx, heading, paragraph, table, xlsx
from tests.webapp.pictures import picture

Open = Callable[..., Window]

SIZES = {"desktop": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


@pytest.mark.parametrize("size", SIZES)
def test_a_document_is_looked_at_split_and_published(
    window: Open, product: Product, artefacts: Path, tmp_path: Path, size: str
) -> None:
    width, height = SIZES[size]
    opened = window(width=width, height=height, dark=size == "tablet", expects=("422",))
    page = opened.page
    sign_in(opened, product, product.editor)
    page.goto(product.url + "/knowledge/convert")
    word = f"雨伞{uuid4().hex[:6]}"
    (tmp_path / "手册.docx").write_bytes(
        docx(
            heading(f"{word}手册", 1),
            heading(f"{word}几天能退", 2),
            paragraph("签收后七天内。"),
            table([["等级", "运费"], ["金卡", "免"]]),
            heading(f"{word}门店在哪", 2),
            paragraph("看图。"),
            PICTURE,
            picture=picture(),
        )
    )
    (tmp_path / "价格.xlsx").write_bytes(xlsx(价格=[["型号", "价格"], ["X1", 99]]))
    (tmp_path / "坏的.pdf").write_bytes(b"nothing")
    page.locator("#files").set_input_files(
        [tmp_path / "手册.docx", tmp_path / "价格.xlsx", tmp_path / "坏的.pdf"]
    )
    cards = page.locator("#result > section")
    expect(cards).to_have_count(3)
    expect(cards.nth(2).locator(".problem")).to_contain_text("重新保存", timeout=60_000)
    expect(cards.nth(1).locator("textarea")).to_have_value(
        "| 型号 | 价格 |\n| --- | --- |\n| X1 | 99 |"
    )

    cards.nth(0).get_by_label("按标题拆成 2 篇").check()
    pieces = cards.nth(0).locator(".convert-piece")
    expect(pieces).to_have_count(2)
    pieces.nth(1).get_by_role("button", name="预览").click()
    expect(pieces.nth(1).locator("img")).to_be_visible()
    must_fit(page)
    must_be_accessible(page)
    opened.picture(artefacts, f"convert-{size}")

    cards.nth(1).get_by_label("采用这一篇").uncheck()
    page.get_by_role("button", name="发布 2 篇").click()
    expect(pieces.nth(0)).to_contain_text("已发布")
    expect(pieces.nth(1)).to_contain_text("已发布")
    cards.nth(1).get_by_label("采用这一篇").check()
    cards.nth(1).get_by_label("标题").fill(f"{word}价格")
    page.get_by_role("button", name="存成草稿").click()
    expect(cards.nth(1)).to_contain_text("已存成草稿")
    pieces.nth(0).get_by_role("link", name="已发布").click()
    expect(page.locator("h1")).to_have_text(f"{word}几天能退")
