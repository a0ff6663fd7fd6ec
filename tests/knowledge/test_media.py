"""Pictures and attachments: known by their content, and told nothing by that they should not."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.media import MAX_MEDIA_BYTES, SUFFIXES, BadMedia, sniff
from knowledge.picture_metadata import without_metadata
from tests.webapp.pictures import (
    GPS,
    MAKER,
    ORIENTATION,
    exif_of,
    from_phone,
    picture,
    pixels_of,
    png_with_text,
)

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'


def office(folder: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<x/>")
    return memory.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", picture("PNG")),
        ("a.JPG", picture("JPEG")),
        ("a.gif", picture("GIF")),
        ("a.webp", picture("WEBP")),
        ("a.svg", SVG),
        ("a.pdf", b"%PDF-1.7\n"),
        ("a.docx", office("word")),
        ("a.xlsx", office("xl")),
        ("a.pptx", office("ppt")),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512),
    ],
)
def test_a_file_is_taken_when_its_content_is_what_its_name_says(name: str, data: bytes) -> None:
    suffix = "." + name.rpartition(".")[2].lower()
    assert sniff(data, name).media_type == SUFFIXES[suffix]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.png", picture("JPEG"), "its content is image/jpeg"),
        ("a.png", b"MZ\x90\0", "its content is something else"),
        ("a.png", b"<html><script>alert(1)</script>", "something else"),
        ("a.jpg", SVG, "its content is image/svg"),
        ("a.svg", b"<html><svg></svg></html>", "something else"),
        ("a.docx", b"PK\x03\x04nothing", "something else"),
        ("a.docx", office("xl"), "spreadsheet"),
        ("a.html", b"<p>", "files of this kind are not taken"),
        ("a.exe", b"MZ", "files of this kind are not taken"),
        ("a.png", b"", "it is empty"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * MAX_MEDIA_BYTES, "more than 20 MB"),
    ],
)
def test_a_file_that_is_something_else_is_refused(name: str, data: bytes, words: str) -> None:
    with pytest.raises(BadMedia, match=words):
        sniff(data, name)


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_a_picture_tells_no_longer_where_and_with_what_it_was_taken(
    kind: str, media_type: str
) -> None:
    taken = from_phone(kind)
    assert exif_of(taken).get_ifd(GPS)

    bare = without_metadata(taken, media_type)

    assert not exif_of(bare).get_ifd(GPS)
    assert MAKER not in exif_of(bare)
    assert b"PhoneMaker" not in bare
    assert pixels_of(bare) == pixels_of(taken)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_still_stands_upright(kind: str) -> None:
    bare = without_metadata(from_phone(kind, orientation=8), f"image/{kind.lower()}")
    assert exif_of(bare)[ORIENTATION] == 8


def test_words_in_a_png_are_taken_out() -> None:
    bare = without_metadata(png_with_text(b"bought by Li"), "image/png")
    assert b"Li" not in bare
    assert pixels_of(bare) == pixels_of(picture("PNG"))


def test_a_picture_without_metadata_stays_as_it_is() -> None:
    assert without_metadata(picture("PNG"), "image/png") == picture("PNG")
    assert without_metadata(picture("JPEG"), "image/jpeg") == picture("JPEG")


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp")])
@given(data=st.data())
def test_a_damaged_picture_is_stripped_or_refused(
    kind: str, suffix: str, data: st.DataObject
) -> None:
    whole = bytearray(from_phone(kind))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=4)):
        whole[place] ^= 0xFF
    cut = bytes(whole[: data.draw(st.integers(12, len(whole)))])
    try:
        without_metadata(cut, f"image/{suffix}")
    except BadMedia as error:
        assert "damaged" in str(error)
