"""Searching: scope first, one score in [0, 1], replaced articles at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.article import Article, ArticleStatus, Scope
from knowledge.search import KnowledgeBase
from knowledge.vectors import MemoryVectors
from tests.knowledge.letters import LetterEncoder, make_article

RETURNS = make_article(
    "returns", "## 期限\n\n签收后七天内可退。\n\n## 运费\n\n质量问题我们承担邮费。", title="退货"
)
INVOICE = make_article(
    "invoice", "在订单页申请发票。", title="发票", questions=("怎么开票", "专票能开吗")
)
WARRANTY = make_article("warranty", "耳机保修一年。", title="保修", product="耳机")


def base_of(*articles: Article) -> KnowledgeBase:
    return KnowledgeBase(LetterEncoder(), articles=articles)


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return base_of(RETURNS, INVOICE, WARRANTY)


def found(base: KnowledgeBase, question: str, **scope: str) -> list[str]:
    return [hit.article_id for hit in base.search(question, scope=Scope(**scope)).hits]


def test_the_passage_that_says_it_comes_first(base: KnowledgeBase) -> None:
    hit = base.search("质量问题邮费谁承担").hits[0]
    assert (hit.article_id, hit.heading) == ("returns", "运费")
    assert hit.heading_path == ("退货", "运费")
    assert hit.passage == "质量问题我们承担邮费。"
    assert hit.why["cover_best"] > 0


def test_a_similar_question_leads_to_its_article(base: KnowledgeBase) -> None:
    assert found(base, "专票能开吗")[0] == "invoice"


def test_scores_fall_and_lie_between_zero_and_one(base: KnowledgeBase) -> None:
    scores = [hit.score for hit in base.search("发票怎么开").hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_limit_bounds_the_hits(base: KnowledgeBase) -> None:
    assert len(base.search("退货", limit=2).hits) == 2


@pytest.mark.parametrize("question", ["", "   ", "？！…", "😀", "\x00"])
def test_a_question_without_words_has_no_answer(base: KnowledgeBase, question: str) -> None:
    answer = base.search(question)
    assert answer.hits == ()
    assert not answer.answerable


def test_an_empty_base_answers_nothing() -> None:
    assert base_of().search("退货").hits == ()
    assert KnowledgeBase(LetterEncoder()).best_answer("退货") is None


def test_the_threshold_decides_what_is_said() -> None:
    always = KnowledgeBase(LetterEncoder(), articles=[RETURNS], min_score=0.0)
    never = KnowledgeBase(LetterEncoder(), articles=[RETURNS], min_score=1.01)
    assert always.best_answer("七天内可退") is not None
    assert never.best_answer("七天内可退") is None
    assert never.search("七天内可退").hits


def test_a_product_leaves_out_the_articles_of_others(base: KnowledgeBase) -> None:
    assert "warranty" in found(base, "耳机保修多久", product="耳机")
    assert "warranty" not in found(base, "耳机保修多久", product="手表")
    assert "returns" in found(base, "耳机能退货吗", product="手表")


def test_every_part_of_the_scope_restricts() -> None:
    base = base_of(
        make_article("v1", "怎么升级：插卡。", versions=("1",)),
        make_article("v2", "怎么升级：联网。", versions=("2",)),
        make_article("app", "怎么升级：在应用里。", channels=("app",)),
        make_article("other", "怎么升级：问店员。", brand_id="other"),
    )
    assert sorted(found(base, "怎么升级")) == ["app", "v1", "v2"]
    assert sorted(found(base, "怎么升级", version="2")) == ["app", "v2"]
    assert sorted(found(base, "怎么升级", channel="web")) == ["v1", "v2"]
    assert found(base, "怎么升级", brand_id="other") == ["other"]
    assert found(base, "怎么升级", brand_id="nobody") == []


def test_the_scope_is_applied_before_ranking() -> None:
    many = [make_article(f"x{i}", f"运费多少钱，第{i}条。", product="别的") for i in range(200)]
    base = base_of(*many, make_article("mine", "包邮。", product="我的"))
    assert found(base, "运费多少钱", product="我的") == ["mine"]


def test_an_article_is_valid_to_the_end_of_its_day() -> None:
    base = base_of(make_article("sale", "大促满减。", valid_until=date(2026, 12, 12)))
    last, after = datetime(2026, 12, 12, 23, tzinfo=UTC), datetime(2026, 12, 13, 1, tzinfo=UTC)
    assert base.search("大促满减", now=last).hits
    assert base.search("大促满减", now=after).hits == ()


def test_only_published_articles_are_searched() -> None:
    base = base_of(
        make_article("draft", "七天内可退。", status=ArticleStatus.DRAFT),
        make_article("old", "七天内可退。", status=ArticleStatus.ARCHIVED),
    )
    assert base.search("七天内可退").hits == ()


def test_a_replaced_article_is_found_at_once_and_the_old_text_no_more() -> None:
    base = base_of(make_article("fee", "运费八元。"), INVOICE)
    base.replace([make_article("fee", "运费十二元。"), INVOICE])
    passages = [hit.passage for hit in base.search("运费几元").hits]
    assert "运费十二元。" in passages
    assert "运费八元。" not in passages


def test_only_new_texts_are_encoded() -> None:
    encoder, kept = LetterEncoder(), MemoryVectors()
    KnowledgeBase(encoder, encoder="e", kept=kept, articles=[RETURNS, INVOICE])
    encoder.asked.clear()
    base = KnowledgeBase(encoder, encoder="e", kept=kept, articles=[RETURNS, INVOICE])
    assert encoder.asked == []
    base.replace([RETURNS, INVOICE, WARRANTY])
    assert sorted(encoder.asked) == ["保修", "保修\n耳机保修一年。"]
    encoder.asked.clear()
    KnowledgeBase(encoder, encoder="another", kept=kept, articles=[RETURNS])
    assert "退货 期限" in encoder.asked


def test_searches_go_on_while_articles_are_replaced() -> None:
    base = base_of(RETURNS, INVOICE)

    def search(_: int) -> Sequence[str]:
        return [hit.passage for hit in base.search("退货期限").hits]

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(search, i) for i in range(40)]
        for _ in range(5):
            base.replace([RETURNS, INVOICE, WARRANTY])
            base.replace([RETURNS, INVOICE])
    assert all("签收后七天内可退。" in future.result() for future in running)


@settings(deadline=None, max_examples=50)
@given(question=st.text(max_size=200))
def test_any_question_gets_the_same_answer_twice(base: KnowledgeBase, question: str) -> None:
    answer = base.search(question)
    assert base.search(question) == answer
    assert all(0 <= hit.score <= 1 for hit in answer.hits)


def test_a_question_of_a_megabyte_is_searched(base: KnowledgeBase) -> None:
    assert base.search("退货" * 500_000).hits


def fee_table(rows: int) -> str:
    lines = "\n".join(f"| 城{chr(0x4E00 + 40 * n)} | {n} 元 |" for n in range(rows))
    return f"## 各城邮费\n\n| 城市 | 邮费 |\n|---|---|\n{lines}\n"


def test_a_row_of_a_table_leads_to_its_passage_and_is_told() -> None:
    fees = make_article("fees", fee_table(30), title="邮费")
    hit = base_of(RETURNS, fees, INVOICE).search("到城傀要多少").hits[0]
    assert hit.article_id == "fees"
    assert hit.rows == (16,)
    assert hit.short.count("\n") == 2
    assert hit.passage.count("\n") == 31


def test_a_changed_row_alone_is_encoded_with_the_text_it_is_in() -> None:
    encoder, kept = LetterEncoder(), MemoryVectors()
    before = make_article("fees", fee_table(8))
    base = KnowledgeBase(encoder, kept=kept, articles=[before])
    encoder.asked.clear()
    base.change([make_article("fees", before.body.replace("| 5 元 |", "| 50 元 |"))])
    assert len(encoder.asked) == 2
    assert sum("\n" in text for text in encoder.asked) == 1


def test_a_very_long_table_has_a_bounded_number_of_keys() -> None:
    (live,) = base_of(make_article("fees", fee_table(200))).live
    assert len(live.segment.key_kinds) == 2 + 50


def test_rows_leave_the_words_of_the_others_as_rare_as_they_were() -> None:
    (live,) = base_of(RETURNS, make_article("fees", fee_table(8))).live
    assert live.segment.lexical.frequency("邮费") == 3
