"""Converting: what comes out of Word, PDF, HTML and Excel, and that hostile files do no harm."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path

import pytest

from tests.webapp.office import PICTURE, docx, heading, paragraph, pdf, table, xlsx
from tests.webapp.pictures import picture
from webapp.conversion.document import BadDocument, Converted, Document, split_by_headings
from webapp.conversion.pdf import _usual
from webapp.conversion.run import Limits, convert


def converted(folder: Path, name: str, data: bytes) -> Converted:
    (folder / name).write_bytes(data)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return convert(folder / name, out)


def refused(folder: Path, name: str, data: bytes) -> str:
    with pytest.raises(BadDocument) as caught:
        converted(folder, name, data)
    return str(caught.value)


def test_a_word_file_keeps_its_headings_tables_and_pictures(tmp_path: Path) -> None:
    data = docx(
        heading("退货政策", 1),
        heading("几天能退", 2),
        paragraph("签收后七天内。", bold=True),
        table([["等级", "运费"], ["金卡", "免"]]),
        PICTURE,
        picture=picture(),
    )
    found = converted(tmp_path, "政策.docx", data)
    (document,) = found.documents
    assert document.title == "退货政策"
    assert document.markdown.startswith("# 退货政策\n\n## 几天能退\n\n**签收后七天内。**")
    assert "| 金卡 | 免 |" in document.markdown
    assert "![门口](files/001.png)" in document.markdown
    assert found.pictures == ["001.png"]
    assert (tmp_path / "out" / "files" / "001.png").read_bytes() == picture()


def test_a_word_file_cannot_fetch_a_file_of_ours(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture())
    data = docx(paragraph("字"), PICTURE, target=(tmp_path / "secret.png").as_uri())
    try:
        found = converted(tmp_path, "a.docx", data)
    except BadDocument:
        return
    assert found.pictures == []


def test_html_comes_without_what_runs(tmp_path: Path) -> None:
    inside = base64.b64encode(picture()).decode()
    html = f"""<!doctype html><html><head><meta charset="gbk"><title>运费</title>
    <script>alert(1)</script><style>p {{}}</style></head><body onload="alert(1)"><nav>菜单</nav>
    <h1>运费 <b>说明</b></h1><!-- 注释 --><p onclick="alert(1)">满 99 元<em>包邮</em>。</p>
    <a href="javascript:alert(1)">坏</a> <a href="https://example.com/a">好</a>
    <img src="data:image/png;base64,{inside}" alt="图"><img src="x.png" onerror="alert(1)">
    <img src="data:text/html;base64,AAAA"><iframe src="https://example.com"></iframe>
    <ul><li>一</li><li>二</li></ul></body></html>"""
    found = converted(tmp_path, "a.html", html.encode("gbk"))
    (document,) = found.documents
    assert document.title == "运费 说明"
    for words in ("alert", "菜单", "注释", "javascript", "iframe", "onerror", "data:"):
        assert words not in document.markdown
    assert "满 99 元*包邮*。" in document.markdown
    assert "[好](https://example.com/a)" in document.markdown
    assert "![图](files/001.png)" in document.markdown
    assert "- 一\n- 二" in document.markdown
    assert found.pictures == ["001.png"]
    assert any("x.png" in remark for remark in found.remarks)


def test_a_pdf_has_headings_by_size_and_no_page_numbers(tmp_path: Path) -> None:
    pages = [
        [
            ("会员手册", 10, 820),
            ("退货政策", 24, 700),
            ("签收后七天内可以退货，运费", 12, 650),
            ("由我们承担。", 12, 636),
            ("退款多久到账", 18, 560),
            ("三个工作日。", 12, 520),
            (f"{number}", 10, 20),
        ]
        for number in (1, 2, 3)
    ]
    (document,) = converted(tmp_path, "手册.pdf", pdf(*pages)).documents
    assert document.title == "退货政策"
    once = "# 退货政策\n\n签收后七天内可以退货，运费由我们承担。\n\n## 退款多久到账\n\n三个工作日。"
    assert document.markdown == "\n\n".join([once] * 3)


def test_a_sentence_of_lines_far_apart_is_one_paragraph_and_short_lines_stay(
    tmp_path: Path,
) -> None:
    page = [
        ("签收后七天内可以退货，运费由我们承担，食品和贴身衣物除外，请保", 12, 700),
        ("留好包装。", 12, 670),
        ("金卡免运费", 12, 640),
        ("银卡半价", 12, 610),
    ]
    (document,) = converted(tmp_path, "a.pdf", pdf(page)).documents
    assert document.markdown == (
        "签收后七天内可以退货，运费由我们承担，食品和贴身衣物除外，请保留好包装。\n\n金卡免运费\n\n银卡半价"
    )


def test_shapes_that_only_look_like_characters_become_those_characters() -> None:
    assert _usual("⼿册⾦卡 ﬁle") == "手册金卡 file"
    assert _usual("％（１）") == "％（１）"


def test_a_sheet_of_questions_becomes_answers_and_another_one_a_table(tmp_path: Path) -> None:
    data = xlsx(
        问答=[
            ["分类", "问题", "答案"],
            ["退货", "几天能退？", "七天内。\n运费我们出。"],
            [None, "没答案", None],
        ],
        价格=[["型号", "价格"], ["X1|X2", 99.0], ["*", None]],
        空=[],
    )
    answers, prices = converted(tmp_path, "客服.xlsx", data).documents
    assert answers.title == "客服 问答"
    assert answers.markdown == "## 几天能退？\n\n七天内。\n\n运费我们出。"
    assert prices.markdown == ("| 型号 | 价格 |\n| --- | --- |\n| X1\\|X2 | 99 |\n| \\* |  |")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.docx", b"no zip", "Word"),
        ("a.docx", docx(), "no text"),
        ("a.docx", xlsx(a=[["b"]]), "Word"),
        ("a.xlsx", b"no zip", "Excel"),
        ("a.xlsx", xlsx(a=[]), "nothing in any"),
        ("a.pdf", b"%PDF-1.7\nnothing", "no PDF, or damaged"),
        ("a.pdf", pdf([]), "scanned"),
        ("a.html", b"", "no text"),
        ("a.html", b"<script>only</script>", "no text"),
        ("a.html", "cr\xe8me br\xfbl\xe9e".encode("latin-1"), "UTF-8"),
        ("a.exe", b"MZ", "not converted"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_remedy(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    assert words in refused(tmp_path, name, data)


def bomb(folder: Path, megabytes: int) -> bytes:
    path = folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with zipfile.ZipFile(_plain(folder)) as whole:
            for name in whole.namelist():
                if name != "word/document.xml":
                    archive.writestr(name, whole.read(name))
        with archive.open("word/document.xml", "w") as file:
            file.write(b"<document>")
            for _ in range(megabytes):
                file.write(b"<a></a>\n" * 131_072)
            file.write(b"</document>")
    return path.read_bytes()


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    assert "zip bomb" in refused(tmp_path, "bomb.docx", bomb(tmp_path, 201))


@pytest.mark.parametrize(
    "limits", [Limits(memory=160 * 1024 * 1024), Limits(work=1), Limits(patience=0)]
)
def test_what_takes_too_much_memory_or_time_is_stopped(tmp_path: Path, limits: Limits) -> None:
    (tmp_path / "large.docx").write_bytes(bomb(tmp_path, 100))
    (tmp_path / "out").mkdir()
    with pytest.raises(BadDocument, match="too much memory or time"):
        convert(tmp_path / "large.docx", tmp_path / "out", limits=limits)


def _plain(folder: Path) -> Path:
    path = folder / "plain.zip"
    path.write_bytes(docx(paragraph("字")))
    return path


def test_a_document_of_entities_in_entities_is_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><x>&e11;</x>'
    path = _plain(tmp_path)
    hostile = tmp_path / "laughs.docx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(hostile, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, laughs if name == "word/document.xml" else whole.read(name))
    assert refused(tmp_path, "laughs.docx", hostile.read_bytes())


@pytest.mark.parametrize(
    ("markdown", "titles"),
    [
        ("# 手册\n\n## 退货\n\n七天。\n\n## 发票\n\n两天。", ["退货", "发票"]),
        ("# 退货\n\n七天。\n\n# 发票\n\n两天。", ["退货", "发票"]),
        (
            "前言。\n\n## 退货\n\n七天。\n\n### 例外\n\n食品。\n\n## 发票\n\n两天。",
            ["手册", "退货", "发票"],
        ),
        ("## **退货** [规则](a)\n\n七天。\n\n## 空的\n\n## 发票\n\n两天。", ["退货 规则", "发票"]),
        ("## 退货\n\n七天。", ["手册"]),
        ("```\n# 不是\n# 标题\n```\n\n字", ["手册"]),
    ],
)
def test_a_document_is_split_at_its_highest_headings(markdown: str, titles: list[str]) -> None:
    parts = split_by_headings(Document("手册", markdown))
    assert [part.title for part in parts] == titles
    assert all(part.markdown for part in parts)
