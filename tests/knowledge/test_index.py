"""An index that follows changes finds what one that is built anew finds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from knowledge import index as index_module
from knowledge.article import Article, ArticleStatus
from knowledge.search import KnowledgeBase
from tests.knowledge.letters import LetterEncoder, make_article

WORDS = ("退货", "换货", "发票", "运费", "保修", "积分", "会员", "注销", "登录", "尺码")


def article(number: int, body: str | None = None, **fields: object) -> Article:
    word = WORDS[number % len(WORDS)]
    return make_article(
        f"a{number:03}", body or f"## {word}{number}\n\n第{number}条关于{word}。", **fields
    )


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes at which thirty articles are a large base."""
    monkeypatch.setattr(index_module, "_SMALL", 2)
    monkeypatch.setattr(index_module, "_SEGMENT_ARTICLES", 10)
    monkeypatch.setattr(index_module, "_MOST_SEGMENTS", 3)


def base_of(articles: Sequence[Article]) -> KnowledgeBase:
    return KnowledgeBase(LetterEncoder(), articles=articles)


def first(base: KnowledgeBase, question: str) -> str:
    return base.search(question).hits[0].passage


def test_a_base_of_several_segments_ranks_as_one() -> None:
    base = base_of([article(number) for number in range(30)])
    assert base.passage_count == 30
    for number in (3, 17, 29):
        assert (
            first(base, f"{WORDS[number % 10]}{number}")
            == f"第{number}条关于{WORDS[number % 10]}。"
        )


def test_a_changed_article_is_found_by_its_new_text_alone() -> None:
    base = base_of([article(number) for number in range(30)])
    base.change([article(17, "## 龙虾\n\n龙虾要趁热吃。")])
    assert base.passage_count == 30
    assert first(base, "龙虾怎么吃") == "龙虾要趁热吃。"
    assert "第17条关于注销。" not in [hit.passage for hit in base.search("注销17", limit=10).hits]


def test_an_archived_article_is_not_found_and_a_new_one_is() -> None:
    base = base_of([article(number) for number in range(30)])
    base.change([article(5, status=ArticleStatus.ARCHIVED), article(31, "## 龙虾\n\n趁热吃。")])
    assert base.passage_count == 30
    assert first(base, "龙虾") == "趁热吃。"
    assert "a005" not in {hit.article_id for hit in base.search("积分5", limit=10).hits}


def test_tidying_changes_no_answer() -> None:
    base = base_of([article(number) for number in range(30)])
    for number in range(12):
        base.change([article(number, f"## 新{number}\n\n新的第{number}条。")])
    assert base.is_scattered
    before = [first(base, f"新{number}") for number in range(12)]
    base.tidy()
    assert not base.is_scattered
    assert base.passage_count == 30
    assert [first(base, f"新{number}") for number in range(12)] == before


def test_a_large_base_fetches_what_it_compares_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [article(number) for number in range(30)]
    in_memory = base_of(articles).search("发票12")
    monkeypatch.setattr(index_module, "LARGE", 10)
    fetched = base_of(articles).search("发票12")
    assert [hit.passage for hit in fetched.hits] == [hit.passage for hit in in_memory.hits]
    assert fetched.hits[0].score == pytest.approx(in_memory.hits[0].score, abs=0.02)


def test_progress_counts_articles_to_the_end() -> None:
    done: list[int] = []
    base = KnowledgeBase(LetterEncoder())
    base.replace([article(number) for number in range(30)], progress=done.append)
    assert done == [10, 20, 30]


def test_a_base_that_lost_its_last_article_answers_nothing() -> None:
    base = base_of([article(1)])
    base.change([article(1, status=ArticleStatus.ARCHIVED)])
    assert base.passage_count == 0
    assert base.search("换货").hits == ()
