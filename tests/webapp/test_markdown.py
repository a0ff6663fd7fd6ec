import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.markdown import render_markdown

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\nscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[a](vbscript:msgbox(1))",
    "![a](javascript:alert(1))",
    '![a](x" onerror="alert(1))',
    '[a](http://x "onmouseover=alert(1)")',
    '[a](http://x" onmouseover="alert(1))',
    "<svg/onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>@import'http://evil'</style>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "![a](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "![a](data:image/png;base64,AAAA)",
    "[x]: data:text/html,<script>alert(1)</script>\n\n![x] [x]",
    "[x]: <javascript:alert(1)> 'title'\n\n[a][x]",
    "[a](\tjavascript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](\x01javascript:alert(1))",
    "[a](file:///etc/passwd) [b](blob:https://x/y) [c](jar:http://x!/y)",
    "<svg><script>alert(1)</script></svg>",
    "<img src='/files/x/y.svg' onload=alert(1)>",
    "<object data='/files/x/y.svg'></object><embed src='/files/x/y.svg'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]
ALLOWED = {
    "a": {"href", "title", "rel", "target"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
}
TAGS = frozenset(
    re.split(" ", "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr img li ol p pre s")
) | {"strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}


class Checker(HTMLParser):
    """Refuses every tag, attribute and scheme that is not on the list."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ALLOWED.get(tag, set()), (tag, name)
            if name in ("href", "src"):
                try:
                    scheme = urlsplit(value or "").scheme
                except ValueError:
                    continue  # not a URL for any browser either, such as "http://["
                assert scheme in ("", "http", "https", "mailto"), value
        if tag == "a":
            assert "noopener" in (dict(attrs).get("rel") or "")


def check(html: str) -> None:
    checker = Checker()
    checker.feed(html)
    checker.close()


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_markdown_renders_without_anything_that_runs(attack: str) -> None:
    html = render_markdown(attack)
    check(html)
    assert "<script" not in html
    assert "<svg" not in html


@given(st.lists(st.sampled_from([*ATTACKS, "<", ">", '"', "'", "](", "|", "\n", "`", "&"])))
@example([])
def test_no_mixture_of_attacks_leaves_the_list_of_allowed_tags(parts: list[str]) -> None:
    check(render_markdown("".join(parts)))


@given(st.text(max_size=300))
def test_any_text_renders_to_allowed_tags_only(text: str) -> None:
    check(render_markdown(text))


def test_tables_lists_and_relative_links_stay() -> None:
    html = render_markdown("| 尺码 | 价格 |\n|---|---|\n| M | 9 |\n\n- [看](/knowledge/a)\n")
    assert "<table>" in html
    assert "<td>M</td>" in html
    assert 'href="/knowledge/a"' in html
