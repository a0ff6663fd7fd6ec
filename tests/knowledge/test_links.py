"""Links to files beside an article: found where Markdown has them, followed no further."""

from __future__ import annotations

import pytest

from knowledge.links import file_beside, rewrite_links


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("![屏](img/a.png)", "![屏](NEW)"),
        ('![屏](img/a.png "标题")', '![屏](NEW "标题")'),
        ("![屏](<img/图 1.png>)", "![屏](NEW)"),
        ("[说明书](a(1).pdf)和[图](b.png)", "[说明书](NEW)和[图](NEW)"),
        ("[图]: b.png", "[图]: NEW"),
        ("[![小](s.png)](l.png)", "[![小](NEW)](NEW)"),
        ("```\n![屏](a.png)\n```\n![屏](a.png)", "```\n![屏](a.png)\n```\n![屏](NEW)"),
        ("~~~~\n```\n![屏](a.png)\n~~~~\n", "~~~~\n```\n![屏](a.png)\n~~~~\n"),
    ],
)
def test_destinations_are_rewritten_outside_code(source: str, wanted: str) -> None:
    assert rewrite_links(source, lambda _: "NEW") == wanted


def test_a_link_that_is_not_ours_stays() -> None:
    source = "[a](https://example.com/a.png) ![b](b.png)"
    assert rewrite_links(source, lambda to: "NEW" if to == "b.png" else None) == (
        "[a](https://example.com/a.png) ![b](NEW)"
    )


@pytest.mark.parametrize(
    ("destination", "file"),
    [
        ("a.png", "售后/a.png"),
        ("./img/a.png", "售后/img/a.png"),
        ("../a.png", "a.png"),
        ("/img/a.png", "img/a.png"),
        ("%E5%9B%BE%201.png", "售后/图 1.png"),
        ("a.png?raw=true#x", "售后/a.png"),
        ("..\\a.png", "a.png"),
    ],
)
def test_a_relative_link_means_a_file_beside(destination: str, file: str) -> None:
    assert file_beside(destination, "售后/退货.md") == file


@pytest.mark.parametrize(
    "destination",
    ["https://x/a.png", "//x/a.png", "data:image/png;base64,AA", "#top", "", "../../etc/passwd",
     "javascript:alert(1)", "C:/a.png", "%2e%2e/%2e%2e/a.png"],
)  # fmt: skip
def test_another_site_or_a_way_out_is_no_file_beside(destination: str) -> None:
    assert file_beside(destination, "售后/退货.md") is None
