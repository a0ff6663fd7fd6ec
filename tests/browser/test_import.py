"""Editors bring their files: many at once, some of them bad, some from Chinese Windows."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.looks import must_be_accessible, must_fit
from tests.browser.people import Window, sign_in
from tests.browser.product import Product
from tests.webapp.pictures import picture

Open = Callable[..., Window]

SIZES = {"desktop": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
BAD: dict[str, bytes] = {
    "坏/没收尾.md": b"---\ntitle: [a\n---\n\ntext\n",
    "坏/空的.md": b"",
    "坏/类型.md": "---\ntitle: 类型\ntags: {a: 1}\n---\n\n正文\n".encode(),
    "坏/乱码.md": "cr\xe8me br\xfbl\xe9e".encode("latin-1"),
    "里面.zip": b"PK\x03\x04",
}


def two_hundred(path: Path, word: str) -> Path:
    """A zip of 200 files: 5 bad ones, one in GBK, one with a picture."""
    files = {
        f"商品/第{n}类/{word}{n}.md": f"# {word}{n}\n\n{word}的第{n}条说明。\n".encode()
        for n in range(193)
    }
    files[f"旧电脑/{word}.md"] = f"# {word}旧\n\n这是旧电脑里的说明。\n".encode("gbk")
    files[f"门店/{word}门店.md"] = f"# {word}门店\n\n看图 ![门口](门口.png)\n".encode()
    files["门店/门口.png"] = picture()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (files | BAD).items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("size", SIZES)
def test_of_two_hundred_files_the_bad_ones_are_listed_and_the_others_imported(
    window: Open, product: Product, artefacts: Path, tmp_path: Path, size: str
) -> None:
    width, height = SIZES[size]
    opened = window(width=width, height=height, dark=size == "tablet")
    page = opened.page
    sign_in(opened, product, product.editor)
    page.goto(product.url + "/knowledge/import")
    word = f"灯{uuid4().hex[:6]}"
    page.locator("#files").set_input_files(two_hundred(tmp_path / "all.zip", word))
    expect(page.locator("#result progress")).to_be_visible()
    opened.picture(artefacts, f"import-running-{size}")

    done = page.locator("#result [data-state=done]")
    expect(done).to_be_visible(timeout=240_000)
    expect(done.locator(".caution")).to_contain_text("195 篇已导入，5 处没有导入")
    failed = done.locator("details", has_text="没有导入的文件").locator("li")
    expect(failed).to_have_count(len(BAD))
    for name in BAD:
        expect(failed.filter(has_text=name)).to_have_count(1)
    expect(failed.filter(has_text="类型.md")).to_contain_text("第 3 行")
    expect(done.locator("details", has_text="请留意")).to_contain_text("GBK")
    must_fit(page)
    must_be_accessible(page)
    opened.picture(artefacts, f"import-done-{size}")

    with page.expect_download() as download:
        done.get_by_role("button", name="下载清单").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert len(rows) == 1 + len(BAD) + 1 + 195
    assert ["失败", "坏/空的.md"] in [row[:2] for row in rows]

    page.goto(product.url + f"/knowledge/门店-{word}门店")
    expect(page.locator("article img")).to_be_visible()
    assert page.locator("article img").evaluate("image => image.naturalWidth") == 8


def test_who_comes_back_to_the_page_sees_how_far_the_import_is(
    window: Open, product: Product, tmp_path: Path
) -> None:
    opened = window()
    page = opened.page
    sign_in(opened, product, product.editor)
    page.goto(product.url + "/knowledge/import")
    page.locator("#files").set_input_files(
        two_hundred(tmp_path / "all.zip", f"伞{uuid4().hex[:6]}")
    )
    page.wait_for_url("**/knowledge/import#job=*")
    page.reload()
    expect(page.locator("#result [data-state=done]")).to_contain_text(
        "195 篇已导入", timeout=240_000
    )


def test_files_and_their_pictures_are_dropped_together_and_too_much_is_refused(
    window: Open, product: Product, tmp_path: Path
) -> None:
    opened = window(expects=("413",))
    page = opened.page
    sign_in(opened, product, product.editor)
    page.goto(product.url + "/knowledge/import")
    word = f"锅{uuid4().hex[:6]}"
    (tmp_path / f"{word}.md").write_text(f"# {word}\n\n看图 ![锅](锅.png)\n", encoding="utf-8")
    (tmp_path / "锅.png").write_bytes(picture())
    page.locator("#files").set_input_files([tmp_path / f"{word}.md", tmp_path / "锅.png"])
    expect(page.locator("#result .good")).to_contain_text("导入完成")
    (tmp_path / "large.md").write_bytes(b"x" * (20 * 1024 * 1024 + 1))
    page.locator("#files").set_input_files(tmp_path / "large.md")
    expect(page.locator("#result")).to_contain_text("20 MB")
