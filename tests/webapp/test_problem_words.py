"""What is said of bad files is said in Chinese as well."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
import yaml

from knowledge.encodings import Undecodable, decode_text
from knowledge.errors import BadArticle
from knowledge.front_matter import read_front_matter
from knowledge.loader import load_batch, read_article
from knowledge.media import BadMedia, sniff
from tests.knowledge.test_batches import Kept, zipped
from webapp.import_jobs import INTERRUPTED
from webapp.problem_words import in_chinese

FILE = Path(__file__).parents[2] / "webapp" / "translations" / "problems.zh.yml"
FRONTS = [
    "title: [a", "id: {b: c}", "questions:\n  - a: b", "questions: {a: b}", "valid_until: morgen",
    "title: a\ntitle: b", "question: [b]", "tests:\n  - 没有标题", "- a", "id: ../../etc/passwd",
    "questions:\n  - 几天 -> 没有的标题", "category: a/b/c/d", "category: a//b", "brand: a b",
    f"category: {'长' * 61}", "publish_at: tomorrow", "publish_at: 0001-01-01", 'title: "a\\0b"',
    "a: b\n" * 20_000, "- " * 5_000,
]  # fmt: skip
HAN = re.compile(r"[\u4e00-\u9fff]")


def is_said(message: str) -> bool:
    said = in_chinese(message)
    return said != message and bool(HAN.search(said)) and "{" not in re.sub(r"`.*?`", "", said)


@pytest.mark.parametrize("front", FRONTS)
def test_problems_of_front_matter_are_said_in_chinese(front: str) -> None:
    with pytest.raises(BadArticle) as caught:
        read_article(f"---\n{front}\n---\n\n## 标题\n\n正文\n", file="a.md")
    assert [p.message for p in caught.value.problems if not is_said(p.message)] == []


@pytest.mark.parametrize(
    "front",
    [
        "title: [a", "tags: [a, b\ntitle: c", "title: {a", 'title: "a', "title: a: b", "title: - a",
        "title: @a", "title: `a`", "title: %a", "title: a\n\ttags: b", "title: *a", "title: &",
        'title: "a\\q"', 'title: "\\x"', "title: |a", "title: !<", 'title: "a" b',
        "questions:\n - a\n- b", "- a\nb: c", "questions:\n  - a\n b: c", "key: [a, , b]",
        "title:\n- a\n-b\nx: y", "title: a\x07",
    ],
)  # fmt: skip
def test_why_a_front_matter_is_no_yaml_is_said_in_chinese(front: str) -> None:
    _, problems = read_front_matter(front, "a.md")
    said = in_chinese(problems[0].message)
    (why,) = re.findall(r"YAML（(.*)）", said)
    assert HAN.search(why)
    assert re.findall(r"[a-z]{4,}", why) == []


@pytest.mark.parametrize("data", [b"", b"a\0b", b"\xff\xfe\xfd", b"x" * 3_000_000])
def test_problems_of_files_are_said_in_chinese(data: bytes) -> None:
    with pytest.raises(BadArticle) as caught:
        read_article(data, file="a.md")
    assert [p.message for p in caught.value.problems if not is_said(p.message)] == []


def test_problems_of_zips_are_said_in_chinese(tmp_path: Path) -> None:
    files = {
        "../a.md": "字", "b.zip": "x", "c.docx": "x", "d.md": "0" * 1_900_000,
        "e.md": "字 ![](no.png) ![](bad.png)", "bad.png": "x", "f.md": "---\nid: g\n---\n字",
        "g.md": "字", "h.md": "退货，请找客服。".encode("gbk"),
    }  # fmt: skip
    batch = load_batch(zipped(tmp_path / "a.zip", files), keep=Kept())
    found = [one.message for one in (*batch.problems, *batch.remarks)]
    assert len(found) >= 8
    bad = "its name says one thing; save it anew."  # of the test's own keeper
    assert [message for message in found if not is_said(message) and bad not in message] == []


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.png", b""), ("a.png", b"MZ"), ("a.exe", b"MZ"), ("a.png", b"0" * 30_000_000)],
)
def test_problems_of_pictures_are_said_in_chinese(name: str, data: bytes) -> None:
    with pytest.raises(BadMedia) as caught:
        sniff(data, name)
    assert is_said(str(caught.value))


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf\xff", "标题\n".encode() + "正文".encode("gbk"), b"a\0b"]
)
def test_problems_of_encodings_are_said_in_chinese(data: bytes) -> None:
    with pytest.raises(Undecodable) as caught:
        decode_text(data)
    assert is_said(str(caught.value))


def test_an_interruption_is_said_in_chinese() -> None:
    assert is_said(INTERRUPTED)


def test_what_has_no_words_stays_as_it_is() -> None:
    assert in_chinese("Something new happened.") == "Something new happened."


def test_every_sentence_stands_in_the_program_and_has_the_same_places() -> None:
    program = "".join(
        re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8"))
        for folder in ("knowledge", "webapp")
        for path in (FILE.parents[2] / folder).rglob("*.py")
    )
    for english, chinese in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        assert set(re.findall(r"\{\w+\}", chinese)) <= set(re.findall(r"\{\w+\}", english))
        longest = max(re.split(r"\{\w+\}", english), key=len).strip()
        assert longest.lstrip("` ")[:20] in program, english


def test_a_zip_that_cannot_be_read_is_said_in_chinese(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", "正文" * 1000)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[40:50] = b"\xff" * 10
    (tmp_path / "a.zip").write_bytes(data)
    batch = load_batch(tmp_path / "a.zip")
    assert [p.message for p in batch.problems if not is_said(p.message)] == []
