"""What customers say is read as what the articles say: longest first, whole words, once."""

from __future__ import annotations

import pytest

from knowledge.article import ReadTerm, Scope
from knowledge.errors import BadTerm, TermTaken
from knowledge.search import KnowledgeBase
from knowledge.terms import MAX_TERMS, Term, TermBook, TermReader, tidied
from tests.knowledge.letters import LetterEncoder, make_article

COVER = Term(name="退货包运费", synonyms=("运费险", "退货运费险"), id=1)
PRICE = Term(name="离岸价", synonyms=("FOB价格", "FOB"), meaning="装上船为止的价格", id=2)
POST = Term(name="电子邮箱", synonyms=("e-mail", "E MAIL"), id=3)


def read(question: str, *terms: Term, brand_id: str = "default") -> str:
    return TermReader(terms or (COVER, PRICE, POST)).read(question, brand_id=brand_id).text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("我有运费险吗", "我有退货包运费吗"),
        ("退货运费险怎么赔", "退货包运费怎么赔"),  # not 退货退货包运费怎么赔
        ("退货包运费怎么赔", "退货包运费怎么赔"),
        ("退貨運費險怎麼賠", "退货包运费怎么赔"),
        ("FOB价格是多少", "离岸价是多少"),
        ("ＦＯＢ 價格", "离岸价"),
        ("what is fob?", "what is 离岸价?"),
        ("我的e  mail填错了", "我的电子邮箱填错了"),
        ("运费险、fob、运费险", "退货包运费、离岸价、退货包运费"),
    ],
)
def test_another_way_to_say_it_is_read_as_the_term(question: str, text: str) -> None:
    assert read(question) == text


@pytest.mark.parametrize("question", ["fobs", "xfob", "fob2", "怎么退货", "", "😀"])
def test_what_is_no_whole_word_stays(question: str) -> None:
    assert read(question) == question


def test_the_longest_word_wins_also_over_one_that_begins_earlier() -> None:
    one = Term(name="甲方", synonyms=("天地人",))
    two = Term(name="乙方", synonyms=("人和万事兴",))
    assert read("天地人和万事兴", one, two) == "天地乙方"


def test_what_was_put_in_is_not_read_again() -> None:
    first = Term(name="大运费险", synonyms=("小盾牌",))
    assert read("小盾牌", first, COVER) == "大运费险"


def test_latin_words_do_not_grow_together() -> None:
    assert read("买2个大白ok吗", Term(name="RX7", synonyms=("个大白",))) == "买2 rx7 ok吗"


def test_what_was_read_is_named_once_in_the_order_of_the_question() -> None:
    reading = TermReader((COVER, PRICE)).read("运费险、FOB、运费险")
    assert reading.read == (ReadTerm("运费险", "退货包运费"), ReadTerm("fob", "离岸价"))


def test_a_brand_has_its_own_terms_and_those_of_all() -> None:
    own = Term(name="尊享卡", synonyms=("小金卡",), brand_id="lux")
    assert read("小金卡和运费险", own, COVER, brand_id="lux") == "尊享卡和退货包运费"
    assert read("小金卡和运费险", own, COVER) == "小金卡和退货包运费"


def test_a_term_is_kept_without_repetitions_and_space() -> None:
    term = tidied(Term(name=" 离岸价 ", synonyms=("fob ", "FOB", "离岸价", " ")))
    assert (term.name, term.synonyms) == ("离岸价", ("fob",))


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (Term(name=" ", synonyms=("运费险",)), "empty"),
        (Term(name="离岸价"), "There is only the term"),
        (Term(name="离岸价", synonyms=("价",)), "single character"),
        (Term(name="价", synonyms=("离岸价",)), "single character"),
        (Term(name="离岸价", synonyms=("价" * 61,)), "more than 60 characters"),
        (Term(name="离岸价", synonyms=("怎么",)), "questions of every kind"),
        (Term(name="离岸价", synonyms=("fob、fca",)), "several words"),
        (Term(name="离岸价", synonyms=("船上价 港口价",)), "several words"),
        (Term(name="离岸价", synonyms=tuple(f"价格{n}" for n in range(51))), "more than 50 ways"),
        (Term(name="离岸价", meaning="价" * 501), "meaning has more than 500"),
        (Term(name="离岸价", synonyms=("fob",), brand_id="b" * 65), "brand has more than 64"),
    ],
)
def test_what_cannot_be_a_term_is_refused_with_what_to_do(term: Term, said: str) -> None:
    with pytest.raises(BadTerm, match=said):
        TermBook().check(term)


@pytest.mark.parametrize(
    "term",
    [
        Term(name="运费补贴", synonyms=("運費險",)),  # one word in two terms
        Term(name="运费险", synonyms=("小盾牌",)),  # a chain: 小盾牌 to 运费险 to 退货包运费
        Term(name="小盾牌", synonyms=("退货包运费",)),
        Term(name="小盾牌", synonyms=("运费险",), brand_id="lux"),
    ],
)
def test_a_word_of_another_term_is_refused(term: Term) -> None:
    with pytest.raises(TermTaken, match="`退货包运费` already; take it out there"):
        TermBook([COVER]).check(term)


def test_two_brands_may_use_one_word_for_two_things() -> None:
    one = Term(name="白银卡", synonyms=("小银卡",), brand_id="one", id=1)
    book = TermBook([one])
    assert book.check(Term(name="普通卡", synonyms=("小银卡",), brand_id="two"))


def test_a_changed_term_gives_its_words_free() -> None:
    book = TermBook([COVER])
    book.put(book.check(Term(name="退货包运费", synonyms=("小盾牌",), id=1)))
    assert book.check(Term(name="运费险", synonyms=("邮费险",)))
    with pytest.raises(TermTaken):
        book.check(Term(name="盾牌", synonyms=("小盾牌",)))


def test_there_is_an_end_to_terms() -> None:
    book = TermBook(Term(name=f"词条{n}", meaning="有", id=n) for n in range(MAX_TERMS))
    with pytest.raises(BadTerm, match="5000 terms already"):
        book.check(Term(name="离岸价", synonyms=("fob",)))


RETURNS = make_article("returns", "## 退货包运费\n\n最多补贴十五元。\n\n## 期限\n\n七天。")
SHIP = make_article("ship", "## 离岸价\n\n含装船的费用。")


def test_a_question_in_other_words_finds_the_passage_of_the_term() -> None:
    plain = KnowledgeBase(LetterEncoder(), articles=[RETURNS, SHIP])
    reading = KnowledgeBase(LetterEncoder(), articles=[RETURNS, SHIP], terms=[PRICE])
    assert plain.search("FOB").hits[0].why["cover_best"] == 0
    answer = reading.search("FOB")
    assert (answer.hits[0].heading, answer.hits[0].why["cover_best"]) == ("离岸价", 1)
    assert answer.read == (ReadTerm("fob", "离岸价"),)


def test_a_passage_in_the_customers_own_words_is_found_as_before() -> None:
    own = make_article("own", "## 运费险\n\n在付款页买运费险。")
    base = KnowledgeBase(LetterEncoder(), articles=[own, SHIP], terms=[COVER])
    assert base.search("运费险在哪买").hits[0].heading == "运费险"


def test_other_questions_are_searched_as_before_and_encoded_once() -> None:
    encode = LetterEncoder()
    plain = KnowledgeBase(LetterEncoder(), articles=[RETURNS, SHIP])
    reading = KnowledgeBase(encode, articles=[RETURNS, SHIP], terms=[COVER, PRICE])
    encode.asked.clear()
    for question in ("期限几天", "离岸价含什么", "退货包运费"):
        assert reading.search(question) == plain.search(question)
    assert encode.asked == ["期限几天", "离岸价含什么", "退货包运费"]
    reading.search("运费险多少")
    assert encode.asked[3:] == ["运费险多少", "退货包运费多少"]


def test_terms_are_read_by_the_brand_of_the_scope() -> None:
    own = Term(name="离岸价", synonyms=("船价",), brand_id="lux")
    base = KnowledgeBase(LetterEncoder(), articles=[SHIP], terms=[own])
    assert base.search("船价", scope=Scope()).read == ()


def test_new_terms_hold_from_the_next_question_on() -> None:
    base = KnowledgeBase(LetterEncoder(), articles=[SHIP])
    assert base.search("fob").read == ()
    base.read_terms([PRICE])
    assert base.search("fob").read
    base.read_terms([])
    assert base.search("fob").read == ()


def test_it_is_known_whether_articles_use_a_word() -> None:
    base = KnowledgeBase(LetterEncoder(), articles=[RETURNS, SHIP])
    assert base.uses("退貨包運費")
    assert not base.uses("运费险")
    assert not KnowledgeBase(LetterEncoder()).uses("离岸价")
