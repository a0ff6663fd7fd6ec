"""Reading articles: what is taken, and what is refused with file, line and remedy."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.article import KnowledgeTest
from knowledge.errors import BadArticle, Problem
from knowledge.loader import MAX_FILE_BYTES, load_articles, read_article, source_of

FULL = """\
---
id: earbuds
title: 蓝牙耳机
product: 耳机 Air
versions: ["2", 3]
channels: [web]
tags: 商品
valid_until: 2027-01-31
questions:
  - 耳机多少钱
  - 防水吗 -> 参数
tests:
  - question: 能戴着洗澡不
    heading: 参数
  - question: 今天天气
  - 没声音 -> 参数
  - 多重: 参数
author: 别的程序写的
---

# 蓝牙耳机

## 参数

IPX5
"""


def refused(text: str | bytes, file: str = "a.md") -> tuple[Problem, ...]:
    with pytest.raises(BadArticle) as caught:
        read_article(text, file=file)
    assert caught.value.problems
    return caught.value.problems


def test_front_matter_is_read() -> None:
    article = read_article(FULL, file="x.md")
    assert (article.id, article.title, article.product) == ("earbuds", "蓝牙耳机", "耳机 Air")
    assert article.versions == ("2", "3")
    assert article.tags == ("商品",)
    assert article.valid_until == date(2027, 1, 31)
    assert article.questions == ("耳机多少钱", "防水吗 -> 参数")
    assert article.tests == (
        KnowledgeTest("能戴着洗澡不", "参数"),
        KnowledgeTest("今天天气", None),
        KnowledgeTest("没声音", "参数"),
        KnowledgeTest("多重", "参数"),
    )
    assert article.body.startswith("# 蓝牙耳机")


def test_a_file_without_front_matter_is_an_article() -> None:
    article = read_article("# 怎么开发票\n\n在订单页。", file="售后/发票.md")
    assert (article.id, article.title) == ("售后-发票", "怎么开发票")


def test_without_a_heading_the_file_name_is_the_title() -> None:
    assert read_article("在订单页。", file="发票.md").title == "发票"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    windows = b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode()
    assert read_article(windows, file="x.md").content_hash == (
        read_article(FULL, file="x.md").content_hash
    )


def test_what_is_written_out_reads_back_the_same() -> None:
    article = read_article(FULL, file="x.md")
    text, content_hash = source_of(article)
    again = read_article(text, file="y.md")
    assert again.content_hash == content_hash
    assert (again.questions, again.tests, again.body.strip()) == (
        article.questions,
        article.tests,
        article.body.strip(),
    )


@pytest.mark.parametrize(
    ("front", "line", "words"),
    [
        ("title: [a", 2, "valid YAML"),
        ("title: a\nid: {b: c}", 3, "`id` must be one text"),
        ("questions:\n  - a: b", 3, "`questions` must be a text"),
        ("questions: {a: b}", 2, "must be a list"),
        ("valid_until: morgen", 2, "2026-12-31"),
        ("title: a\ntitle: b", 3, "twice"),
        ("title: a\nquestion: [b]", 3, "did you mean `questions`"),
        ("tests:\n  - 没有标题", 3, "`tests` must be a list"),
        ("- a\n- b", 2, "key: value"),
        ("id: ../../etc/passwd", 2, "letters, digits"),
        ("questions:\n  - 几天 -> 没有的标题", 3, "names a heading that is not there"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(front: str, line: int, words: str) -> None:
    problems = refused(f"---\n{front}\n---\n\n## 标题\n\n正文\n")
    assert [(problem.file, problem.line) for problem in problems] == [("a.md", line)]
    assert words in problems[0].message


def test_every_problem_of_a_file_is_listed() -> None:
    problems = refused("---\nid: [a]\nvalid_until: x\ntests: 3\n---\n正文")
    assert [problem.line for problem in problems] == [2, 3, 4]


def test_a_file_in_no_known_encoding_is_refused_with_its_line() -> None:
    (problem,) = refused("title\ncaf\xe9 cr\xe8me".encode("latin-1"))
    assert problem.line == 2
    assert "UTF-8" in problem.message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no text"),
        (b"---\ntitle: a\n---\n", "no text"),
        (b"a\x00b", "NUL"),
        (b"x" * (MAX_FILE_BYTES + 1), "MB"),
        (b"---\n" + b"a: b\n" * 20_000, "closing ---"),
        (b"---\n" + b"- " * 5_000 + b"\n---\ntext", "nested too deeply"),
    ],
)
def test_a_file_that_is_no_article_is_refused(data: bytes, words: str) -> None:
    assert words in refused(data)[0].message


def test_nothing_is_read_when_one_file_is_bad(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("好的", encoding="utf-8")
    (tmp_path / "bad.md").write_text("---\nid: [\n---\n正文", encoding="utf-8")
    (tmp_path / "gbk.md").write_bytes("中文".encode("gbk"))
    (tmp_path / "latin.md").write_bytes("cr\xe8me br\xfbl\xe9e".encode("latin-1"))
    with pytest.raises(BadArticle) as caught:
        load_articles(tmp_path)
    assert [problem.file for problem in caught.value.problems] == ["bad.md", "latin.md"]
    assert "bad.md:" in str(caught.value)


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("---\nid: same\n---\n正文", encoding="utf-8")
    with pytest.raises(BadArticle, match="used by another file"):
        load_articles(tmp_path)


def test_a_folder_and_its_zip_give_the_same_articles(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "售后").mkdir(parents=True)
    (folder / "售后" / "退货.md").write_text("七天", encoding="utf-8")
    (folder / "发票.md").write_text("订单页", encoding="utf-8")
    (folder / "图.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.md").write_text("不读", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder))
    from_folder = {article.id: article.body for article in load_articles(folder)}
    from_zip = {article.id: article.body for article in load_articles(tmp_path / "all.zip")}
    assert from_folder == from_zip == {"售后-退货": "七天", "发票": "订单页"}


@pytest.mark.parametrize("name", ["../evil.md", "/etc/evil.md", "a/../../evil.md", "C:\\evil.md"])
def test_a_zip_entry_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, "恶意")
    with pytest.raises(BadArticle, match="leads out"):
        load_articles(tmp_path / "a.zip")


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.md", b"\n" * 100_000_000)
    with pytest.raises(BadArticle, match="in parts"):
        load_articles(tmp_path / "a.zip")


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", "正文" * 1000)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[40:50] = b"\xff" * 10
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(BadArticle):
        load_articles(tmp_path / "a.zip")


@pytest.mark.parametrize(
    "method",
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
)
def test_a_zip_with_any_byte_wrong_is_read_or_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("退货.md", "# 退货\n\n七天内可以退货。\n" * 3)
    whole = path.read_bytes()
    refusals = 0
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            load_articles(path)
        except BadArticle:
            refusals += 1
    assert refusals > len(whole) // 2


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("秘密", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(BadArticle, match="leads out of the folder"):
        load_articles(tmp_path / "folder")


def test_what_is_not_there_or_no_markdown_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"word")
    for path in (tmp_path / "none", tmp_path / "a.docx", tmp_path):
        with pytest.raises(BadArticle):
            load_articles(path)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        article = read_article(text, file="any.md")
    except BadArticle as error:
        assert str(error).startswith("any.md")
    else:
        assert article.id
