"""Paragraphs that are too long are cut where somebody who reads aloud would pause."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.paragraphs import cut_paragraph
from knowledge.passages import MAX_CHARACTERS, MAX_PARAGRAPH, plain_text, split_article
from tests.knowledge.letters import make_article

SENTENCE = "第{n}条说明七天之内可以退货并且运费由我们来承担。"


def parts(text: str, longest: int = 100) -> list[str]:
    return list(cut_paragraph(text, longest=longest, plain=plain_text))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_parts_end_with_sentences_and_are_about_as_long() -> None:
    text = "".join(SENTENCE.format(n=n) for n in range(100, 120))
    found = parts(text)
    assert "".join(found) == text
    assert all(part.endswith("。") for part in found)
    assert {len(part) <= 100 for part in found} == {True}
    assert min(map(len, found)) >= 50


def test_without_sentences_a_pause_is_as_good() -> None:
    found = parts("，".join(["七天之内可以退货"] * 40))
    assert all(part.endswith("，") for part in found[:-1])
    assert max(map(len, found)) <= 100


def test_without_anything_it_is_cut_anywhere() -> None:
    sizes = [len(part) for part in parts("退" * 20_000, 700)]
    assert (sum(sizes), len(sizes)) == (20_000, 29)
    assert max(sizes) - min(sizes) <= 1


def test_a_full_stop_within_a_number_is_none() -> None:
    found = parts("It costs 3.5 yuan and weighs 0.25 kg with its box. " * 8)
    assert all(part.endswith("box.") for part in found)


def test_a_link_is_not_cut_in_two() -> None:
    link = "[看这里。很长的说明。都在里面。再看一遍。](https://example.com/a)"
    text = "七天可退。" * 15 + link + "八天可换。" * 15
    assert any(link in part for part in parts(text))


@given(st.text("退货。，a. \n*", max_size=900), st.integers(20, 120))
@settings(max_examples=60)
def test_nothing_is_lost_and_no_part_is_too_long(text: str, longest: int) -> None:
    found = parts(text, longest)
    assert squeezed("".join(found)) == squeezed(text)
    assert all(part for part in found)
    assert all(len(part) <= longest or "*" in part for part in found)


def test_a_paragraph_is_as_long_as_what_is_to_be_read_of_it() -> None:
    links = "，".join(f"[{n}号店怎么走](https://example.com/{'a' * 150})" for n in range(12))
    chart = f"![尺码表](data:image/png;base64,{'iVBORw0KGgo+/AAA' * 425})"
    for text, words in ((links, plain_text(links)), (chart, "尺码表")):
        passages = split_article(make_article("a", text))
        assert [(passage.markdown, passage.text) for passage in passages] == [(text, words)]


@pytest.mark.parametrize("around", ["七天之内可以退货", "七天之内可以退货。", ""])
@pytest.mark.parametrize(
    "markup",
    [f"[看这里](https://example.com/{'a。b，' * 400})",
     f"[看这里。]({'a' * 2000})",
     f"![尺码表](data:image/png;base64,{'iVBORw0KGgo+/AAA' * 425})",
     f"`{'一行代码。' * 300}`",
     f"**{'七天，可退。' * 200}[去看看](https://example.com)**"],
    ids=["link with pauses", "link", "picture", "code", "bold"],
)  # fmt: skip
def test_markup_that_is_longer_than_a_part_stays_in_one(markup: str, around: str) -> None:
    text = around * 200 + markup + "，" + around * 200
    found = parts(text, 700)
    assert squeezed("".join(found)) == squeezed(text)
    assert [markup in part for part in found].count(True) == 1
    assert all(len(part) <= 700 for part in found if markup not in part)
    assert "".join(map(plain_text, found)) == plain_text(text)


def test_a_long_paragraph_in_bold_stays_whole() -> None:
    text = f"**{'七天之内可以退货，' * 300}**"
    (passage,) = split_article(make_article("a", text))
    assert passage.markdown == text
    assert "*" not in passage.text


def test_a_part_does_not_begin_with_what_would_be_a_list_or_a_heading() -> None:
    text = "\n".join(["七天之内可以退货" * 12, "运费" * 40 + "\n   2024. 年起 # 由我们承担"] * 4)
    assert "".join(map(squeezed, map(plain_text, parts(text)))) == squeezed(plain_text(text))


@pytest.mark.parametrize("text", ["退" * 20_000, SENTENCE * 1000])
def test_a_paragraph_without_a_break_becomes_passages_and_others_stay_as_they_are(
    text: str,
) -> None:
    article = make_article(
        "a", f"## 前\n\n前面的话。\n\n## 中\n\n引子。\n\n{text}\n\n尾。\n\n## 后\n\n后面的话。\n"
    )
    passages = split_article(article)
    middle = [passage for passage in passages if passage.heading == "中"]
    assert (middle[0].text, middle[-1].text) == ("引子。", "尾。")
    assert squeezed("".join(passage.text for passage in middle[1:-1])) == text
    assert max(len(passage.text) for passage in passages) <= MAX_CHARACTERS
    assert [p.text for p in passages if p.heading != "中"] == ["前面的话。", "后面的话。"]


def test_a_paragraph_that_can_be_read_is_one_passage() -> None:
    text = "退" * MAX_PARAGRAPH
    assert [passage.text for passage in split_article(make_article("a", text))] == [text]
