"""Addresses of pages."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example.com:8443/a/b?x=1&y=2#top",
        "http://192.168.0.1/admin",
        "http://localhost/a",
        "localhost:3000",
        "example.academy",
        "example.fm",
        "example.qa",
        "youtu.be/abc123",
        "http://www.例子.com",
        "my_shop.example.com",
        "sub.example.com.cn:80/a?b=c#d",
        "ftp://user:pw@example.org",
        "4399.com",
        "example.so/a",
        "ftps://example.org/a",
        "www.my_site.example/a",
        "example.dz",
    ],
)
def test_an_address_is_read_with_and_without_its_scheme(text: str) -> None:
    assert values(f"请看{text}，谢谢") == [("url", text)]


def test_an_address_in_full_width_is_whole() -> None:
    assert values("ｈｔｔｐ：／／ａｂｃ．ｃｏｍ／ｘ") == [("url", "http://abc.com/x")]
    assert values("https://abc.com：很好") == [("url", "https://abc.com")]


def test_a_comma_is_part_of_a_path_and_of_no_host() -> None:
    assert values("www.a-shop.com,b-shop.com/x,y") == [
        ("url", "www.a-shop.com"),
        ("url", "b-shop.com/x,y"),
    ]
    assert values("www.a-shop.com,thanks") == [("url", "www.a-shop.com")]


def test_a_letter_before_a_scheme_hides_no_address() -> None:
    assert values("linkhttps://example.com/a") == [("url", "https://example.com/a")]


def test_addresses_in_a_row_are_several() -> None:
    expected = [("url", "https://example.com/a"), ("url", "https://example.com/b")]
    for mark in (",", "，", ";", "；", "、", " "):
        assert values(f"https://example.com/a{mark}https://example.com/b") == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(https://example.com/a_(b))", "https://example.com/a_(b)"),
        ("(见https://example.com/a).", "https://example.com/a"),
    ],
)
def test_a_bracket_around_an_address_is_no_part_of_it(text: str, value: str) -> None:
    assert values(text) == [("url", value)]


@pytest.mark.parametrize(
    "text", ["main.py", "readme.md", "v1.2.3", "e.g.", "7.am", "ok.no problem", "yes.it is", "a.b"]
)
def test_files_and_sentences_are_no_addresses(text: str) -> None:
    assert "url" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("HTTPS://Shop.Example.COM/Item/aB3?Id=X", "https://shop.example.com/Item/aB3?Id=X"),
        ("Example.com", "example.com"),
        ("ｈｔｔｐｓ://example.com/Ａｂ", "https://example.com/Ab"),
    ],
)
def test_the_path_of_an_address_keeps_its_capitals(typed: str, value: str) -> None:
    assert values(f"看 {typed} 这个") == [("url", value)]
