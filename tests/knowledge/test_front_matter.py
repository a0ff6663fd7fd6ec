"""Front matter: what is written out is read back the same, whatever is in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.article import Article, KnowledgeTest
from knowledge.errors import BadArticle
from knowledge.loader import read_article, source_of

words = (
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40
    )
    .map(str.strip)
    .filter(bool)
)
names = words.map(lambda name: name.replace("/", "-").strip()).filter(bool)
lists = st.lists(words, max_size=3, unique=True).map(tuple)
bodies = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=200
).map(lambda text: f"## 标题\n\n正文\n\n{text}".strip("\n"))
articles = st.builds(
    Article,
    id=st.from_regex(r"[a-z0-9][a-z0-9.\-]{0,20}", fullmatch=True),
    title=words,
    body=bodies,
    brand_id=st.sampled_from(["default", "second"]),
    category=st.lists(names, max_size=3).map(tuple),
    product=st.none() | words,
    versions=lists,
    channels=lists,
    tags=lists,
    publish_at=st.none() | st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    valid_until=st.none() | st.dates(min_value=date(1990, 1, 1)),
    questions=lists.map(lambda found: tuple(text for text in found if "->" not in text)),
    tests=st.lists(st.builds(KnowledgeTest, words, st.none() | words), max_size=2).map(tuple),
)
FIELDS = (
    "id", "title", "body", "brand_id", "category", "product", "versions", "channels", "tags",
    "publish_at", "valid_until", "questions", "tests",
)  # fmt: skip


@given(articles)
def test_an_article_written_out_is_read_back_the_same(article: Article) -> None:
    text, content_hash = source_of(article)
    again = read_article(text, file="another name.md")
    assert {name: getattr(again, name) for name in FIELDS} == {
        name: getattr(article, name) for name in FIELDS
    }
    assert again.content_hash == content_hash
    assert source_of(again) == (text, content_hash)


def read(front: str) -> Article:
    return read_article(f"---\n{front}\n---\n\n## 标题\n\n正文\n", file="a.md")


def test_what_means_nothing_is_no_change() -> None:
    assert (
        read("title: 好\ntags: [a]").content_hash
        == read("# note\ntags: ['a']\nauthor: 李\ntitle:   好").content_hash
    )


@pytest.mark.parametrize("written", ["手机/屏幕", "[手机, 屏幕]", "/手机/屏幕/", "手机 / 屏幕"])
def test_a_category_is_a_path(written: str) -> None:
    assert read(f"category: {written}").category == ("手机", "屏幕")


def test_a_time_without_a_zone_is_in_the_one_that_is_given() -> None:
    source = "---\npublish_at: {}\n---\n\n## 标题\n\n正文\n"
    paris = ZoneInfo("Europe/Paris")
    for written, moment in (
        ("2026-12-01 09:00", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("2026-07-01 09:00", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("2026-12-01T09:00:00Z", datetime(2026, 12, 1, 9, tzinfo=UTC)),
    ):
        article = read_article(source.format(written), file="a.md", zone=paris)
        assert article.publish_at == moment
        assert read_article(source_of(article)[0], file="a.md").publish_at == moment


def test_a_time_without_a_zone_is_beijing_time_where_none_is_given() -> None:
    assert read("publish_at: 2026-12-01 09:00").publish_at == datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert read("publish_at: 2026-12-01T09:00:00Z").publish_at == datetime(
        2026, 12, 1, 9, tzinfo=UTC
    )
    assert read("publish_at: 2026-12-01").publish_at == datetime(2026, 11, 30, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        ("title: a\ncategory: a/b/c/d", 3, "3 at most"),
        ("category: a//b", 2, "empty name"),
        ("category: {a: b}", 2, "one text"),
        (f"category: {'长' * 61}", 2, "60 at most"),
        ("publish_at: tomorrow", 2, "2026-12-31 09:00"),
        ("publish_at: [1]", 2, "one text"),
        ("publish_at: 0001-01-01", 2, "no time that a calendar has"),
        ("brand: a b", 2, "letters, digits"),
        ('title: "a\\0b"', 2, "remove it"),
        ('title: a\ntags: ["\\uD800"]', 3, "remove it"),
        ('tests:\n  - "a\\0 -> b"', 3, "remove it"),
        ('"question\\0": a', 2, "did you mean `questions`"),
        ('"publish_at\\uD800": a', 2, "did you mean `publish_at`"),
        ("catgory: a", 2, "did you mean `category`"),
    ],
)
def test_a_wrong_value_is_named_with_line_and_remedy(front: str, line: int, message: str) -> None:
    with pytest.raises(BadArticle, match=message) as caught:
        read(front)
    assert [problem.line for problem in caught.value.problems] == [line]
    assert "\0" not in str(caught.value)
    assert str(caught.value).encode()
