"""What is wrong with a knowledge base: found, placed, graded, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge.article import Article, ArticleStatus, KnowledgeTest
from knowledge.health import Evidence, Finding, FindingKind, Severity, Use
from knowledge.health_report import examine
from knowledge.meaning import Meaning
from knowledge.vectors import MemoryVectors
from tests.knowledge.letters import LetterEncoder, make_article

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TESTED = (KnowledgeTest("多久", None),)


def article(article_id: str, body: str = "## 说明\n\n一句话。", **fields: object) -> Article:
    fields = {"tests": TESTED, "updated_at": NOW - timedelta(days=100), **fields}
    return make_article(article_id, body, **fields)


def found(*articles: Article, evidence: Evidence | None = None) -> tuple[Finding, ...]:
    meaning = Meaning(LetterEncoder(), kept=MemoryVectors())
    return examine(articles, meaning=meaning, now=NOW, evidence=evidence)


def kinds(*articles: Article, evidence: Evidence | None = None) -> list[FindingKind]:
    return [finding.kind for finding in found(*articles, evidence=evidence)]


SEVEN = "## 几天内可以退\n\n签收后 7 天内可以无理由退货，商品要完好。"
FIFTEEN = "## 退货期限\n\n签收后十五天内可以无理由退货，超过的请维修。"


def test_two_articles_that_name_different_times_contradict_each_other() -> None:
    (finding,) = found(article("a", SEVEN), article("b", FIFTEEN))
    assert (finding.kind, finding.severity) == (FindingKind.CONTRADICTION, Severity.HIGH)
    marked = [[e.text[start:end] for start, end in e.spans] for e in finding.excerpts]
    assert marked == [["7 天"], ["十五天"]]
    assert [e.heading for e in finding.excerpts] == ["几天内可以退", "退货期限"]


def test_the_same_time_in_other_words_is_no_contradiction() -> None:
    assert kinds(article("a", SEVEN), article("b", FIFTEEN.replace("十五天", "七日"))) == []


def test_articles_of_different_products_do_not_contradict_each_other() -> None:
    assert kinds(article("a", SEVEN, product="A1"), article("b", FIFTEEN, product="B2")) == []
    assert (
        kinds(article("a", SEVEN, channels=("web",)), article("b", FIFTEEN, channels=("x",))) == []
    )


def test_another_word_in_the_place_of_a_word_is_another_matter() -> None:
    watch = article("a", "## 手表保修\n\n手表整机保修 2 年，从签收算起。")
    phones = article("b", "## 耳机保修\n\n耳机整机保修 1 年，从签收算起。")
    assert kinds(watch, phones) == []


def test_a_denial_and_its_opposite_contradict_each_other() -> None:
    yes = article("a", "## 叠加\n\n店铺券和平台券可以叠加使用。")
    no = article("b", "## 用券\n\n店铺券和平台券不可以叠加使用。")
    assert kinds(yes, no) == [FindingKind.CONTRADICTION]


def test_headings_of_one_article_tell_its_matters_apart() -> None:
    body = "## 银卡\n\n会员每年有生日券 20 元一张。\n\n## 金卡\n\n会员每年有生日券 50 元一张。"
    assert kinds(article("a", body)) == []


def test_a_passage_that_stands_there_twice_is_found() -> None:
    text = "签收前请检查外包装，有破损就拒收，并拍照联系在线客服登记。"
    both = article("a", f"## 破损\n\n{text}"), article("b", f"## 拒收\n\n{text}")
    assert kinds(*both) == [FindingKind.DUPLICATE]


def test_one_question_at_two_articles_is_found() -> None:
    first = article("a", "## 期限\n\n七天内可以退。", questions=("退货要几天 -> 期限",))
    other = article("b", "## 步骤\n\n在订单页申请。", questions=("退货几天要",))
    (finding,) = found(first, other)
    assert finding.kind is FindingKind.SAME_QUESTION
    assert [(e.article_id, e.heading) for e in finding.excerpts] == [("a", "期限"), ("b", "")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"valid_until": date(2026, 11, 21)}, FindingKind.EXPIRED),
        ({"valid_until": date(2026, 11, 22)}, FindingKind.EXPIRES_SOON),
        ({"valid_until": date(2026, 12, 22)}, FindingKind.EXPIRES_SOON),
        ({"updated_at": NOW - timedelta(days=365)}, FindingKind.STALE),
        ({"tests": ()}, FindingKind.NO_TESTS),
        ({"body": "## 说明\n\n" + "很长的一段话没有完。" * 120}, FindingKind.TOO_LONG),
    ],
)
def test_what_an_article_shows_by_itself(fields: dict[str, object], expected: FindingKind) -> None:
    assert kinds(article("a", **fields)) == [expected]


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_until": date(2026, 12, 23)},
        {"updated_at": NOW - timedelta(days=364)},
        {"status": ArticleStatus.ARCHIVED, "tests": ()},
    ],
)
def test_what_is_in_order_is_not_found(fields: dict[str, object]) -> None:
    assert kinds(article("a", **fields)) == []


def test_an_article_that_never_answered_is_unused_once_it_is_old_enough() -> None:
    evidence = Evidence(use={"used": Use(answers=3)}, use_days=90)
    new = article("new", "## 新\n\n新的。", updated_at=NOW - timedelta(days=1))
    old = article("old", "## 旧\n\n旧的。")
    (finding,) = found(article("used"), old, new, evidence=evidence)
    assert (finding.kind, finding.excerpts[0].article_id) == (FindingKind.UNUSED, "old")


@pytest.mark.parametrize(
    ("helpful", "unhelpful", "disliked"), [(5, 5, True), (6, 5, False), (0, 4, False)]
)
def test_an_article_is_disliked_by_half_of_enough_votes(
    helpful: int, unhelpful: int, disliked: bool
) -> None:
    use = {"a": Use(answers=20, helpful=helpful, unhelpful=unhelpful)}
    assert (kinds(article("a"), evidence=Evidence(use=use)) == [FindingKind.DISLIKED]) is disliked


def test_a_failing_test_is_found_with_its_question() -> None:
    (finding,) = found(article("a"), evidence=Evidence(failing={"a": ["多久"]}))
    assert (finding.kind, finding.excerpts[0].text) == (FindingKind.FAILING_TEST, "多久")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/knowledge/none", "article"),
        ("none.md", "article"),
        ("b.md#没有", "heading"),
        ("#没有", "heading"),
        ("http://", "address"),
        ("https:///x", "address"),
        ("javascript:alert(1)", "address"),
        ("pictures/none.png", "file"),
        ("/files/0000/none.png", "file"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(target: str, reason: str) -> None:
    linking = article("a", f"## 一\n\n请看 [这里]({target})。")
    # what Markdown itself takes for no link is not one
    results = found(linking, article("b", "## 二\n\n另外的事。"), evidence=Evidence(files={}))
    if target.startswith("javascript"):
        assert results == ()
        return
    (finding,) = results
    assert (finding.kind, finding.detail["reason"]) == (FindingKind.DEAD_LINK, reason)
    assert finding.excerpts[0].heading == "一"


@pytest.mark.parametrize(
    "target",
    [
        "/knowledge/b",
        "b.md#二",
        "#一",
        "https://example.com/x",
        "mailto:a@b.cn",
        "tel:10086",
        "/shop",
        "p.png",
    ],
)
def test_a_link_that_leads_somewhere_is_left_alone(target: str) -> None:
    linking = article("a", f"## 一\n\n请看 [这里]({target})。\n\n![图](p.png)")
    other = article("b", "## 二\n\n另外的事。")
    assert kinds(linking, other, evidence=Evidence(files={"p.png": "p"})) == []


def test_a_file_that_no_article_shows_is_an_orphan() -> None:
    files = {"p.png": "p", "/files/abc": "q"}
    (finding,) = found(article("a", "## 一\n\n![图](p.png)"), evidence=Evidence(files=files))
    assert (finding.kind, finding.detail["file"]) == (FindingKind.ORPHAN_FILE, "q")


def test_a_finding_keeps_its_key_until_its_words_change() -> None:
    first = found(article("a", SEVEN), article("b", FIFTEEN))[0]
    again = found(article("b", FIFTEEN + "\n\n另一段。"), article("a", SEVEN))[0]
    other = found(article("a", SEVEN), article("b", FIFTEEN.replace("十五", "三十")))[0]
    assert first.key == again.key != other.key


def test_the_gravest_come_first() -> None:
    severities = [
        finding.severity
        for finding in found(article("a", SEVEN, tests=()), article("b", FIFTEEN, tests=()))
    ]
    assert severities == [Severity.HIGH, Severity.LOW, Severity.LOW]


def test_an_empty_base_is_in_perfect_health() -> None:
    assert found() == ()
