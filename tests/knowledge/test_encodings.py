"""Encodings: what Chinese Windows, Taiwan and old editors write is read as it was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.encodings import Undecodable, decode_text

SIMPLIFIED = "# 退货\n\n签收后七天内可以申请退货，运费由我们承担。"
TRADITIONAL = "# 退貨\n\n簽收後七天內可以申請退貨，運費由我們承擔。"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED + "㐀𠮷", "gb18030", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "cp950"),
        ("Plain English only.", "ascii", "utf-8"),
        ("退货", "gbk", "gb18030"),
        ("退貨", "big5", "cp950"),
        ("怎么开发票", "gbk", "gb18030"),
        ("如何開立發票", "big5", "cp950"),
        ("iPhone 15 Pro：5999元", "gbk", "gb18030"),
    ],
)
def test_a_text_is_read_in_the_encoding_that_it_was_written_in(
    text: str, encoding: str, found: str
) -> None:
    decoded = decode_text(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, found)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"a\nb\x00c", 2, "NUL"),
        ("ok\ncaf\xe9 cr\xe8me".encode("latin-1"), 2, "neither UTF-8"),
        (b"\xef\xbb\xbfok\n\xff\xff", 2, "damaged"),
        ("标题\n".encode() + "正文".encode("gbk"), 2, "while others are"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\xfd", 1, "neither UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(data: bytes, line: int, words: str) -> None:
    with pytest.raises(Undecodable, match=words) as caught:
        decode_text(data)
    assert caught.value.line == line


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_utf8_is_read_as_it_is(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode_text(text.encode()).text == text


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        decode_text(data)
    except Undecodable as error:
        assert error.line >= 1
