"""Terms from and to files: what is good goes in, what is not is named with its line."""

from __future__ import annotations

import pytest

from knowledge.errors import BadArticle
from knowledge.term_files import TermsRead, parse_terms, read_terms, write_csv, write_yaml
from knowledge.terms import Term

KEPT = [
    Term(name="退货包运费", synonyms=("运费险",), id=1, revision=3),
    Term(name="离岸价", synonyms=("FOB",), meaning='装船, "上船"为止', id=2, revision=1),
    Term(name="白银卡", synonyms=("小银卡",), brand_id="lux", id=3, revision=1),
]


def read(text: str, name: str = "terms.csv", kept: list[Term] | None = None) -> TermsRead:
    return read_terms(parse_terms(text.encode(), name), KEPT if kept is None else kept)


@pytest.mark.parametrize(
    ("data", "name"), [(write_csv(KEPT), "a.csv"), (write_yaml(KEPT), "a.yml")]
)
def test_what_was_written_is_read_back_as_unchanged(data: bytes, name: str) -> None:
    again = read_terms(parse_terms(data, name), KEPT)
    assert (again.added, again.changed, again.failed) == ((), (), ())
    assert again.unchanged == tuple(KEPT)
    anew = read_terms(parse_terms(data, name), [])
    assert [(t.name, t.synonyms, t.meaning, t.brand_id) for t in anew.added] == [
        (t.name, t.synonyms, t.meaning, t.brand_id) for t in KEPT
    ]


def test_a_known_term_is_changed_and_a_new_one_added() -> None:
    done = read("term,synonyms\n退货包运费,小盾牌;退货险\n电汇,TT\n")
    assert [(t.id, t.revision, t.synonyms) for t in done.changed] == [(1, 3, ("小盾牌", "退货险"))]
    assert [(t.id, t.name) for t in done.added] == [(None, "电汇")]


def test_the_same_name_for_another_brand_is_another_term() -> None:
    done = read("term,synonyms,brand\n白银卡,小银片,other\n")
    assert [(t.name, t.brand_id) for t in done.added] == [("白银卡", "other")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_files_of_spreadsheets_are_read_with_chinese_columns(encoding: str) -> None:
    text = "词条,同义词,含义\n人工客服,小二、掌柜,在线的客服人员，每天都有\n"
    done = read_terms(parse_terms(text.encode(encoding), "a.csv"), [])
    assert [(t.name, t.synonyms) for t in done.added] == [("人工客服", ("小二", "掌柜"))]


def test_the_good_goes_in_and_the_bad_is_named_with_its_line() -> None:
    done = read(
        'term,synonyms,meaning\n电汇,TT,"两行\n的含义"\n\n电汇,T/T,\n小盾牌,运费险,\n价,单,\n形式发票,PI,\n'
    )
    assert [t.name for t in done.added] == ["电汇", "形式发票"]
    assert [(p.line, p.message.split(";")[0]) for p in done.failed] == [
        (5, "`电汇` is in line 2 too"),
        (6, "`运费险` belongs to the term `退货包运费` already"),
        (7, "`价` is a single character and part of many other words"),
        (7, "`单` is a single character and part of many other words"),
    ]


def test_a_word_may_move_from_one_term_of_the_file_to_another() -> None:
    done = read("term,synonyms\n邮费补贴,运费险\n退货包运费,小盾牌\n")
    assert done.failed == ()
    assert ([t.name for t in done.added], [t.name for t in done.changed]) == (
        ["邮费补贴"],
        ["退货包运费"],
    )


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("a,b\n1,2\n", "a.csv", "a.csv:1: the first line must name the columns"),
        ("", "a.csv", "the first line must name the columns"),
        ("{", "a.yml", "not valid YAML"),
        ("退货包运费: [运费险]", "a.yml", "must be a list"),
        ("- 退货包运费", "a.yml", "must be a list"),
        ("- synonyms: [a]", "a.yaml", "must be a list"),
        ("x", "a.docx", "save it as one of them"),
        ("a\0b", "a.csv", "NUL"),
        ("- {term: 电汇, synonyms: [[TT]]}", "a.yml", "must be a list"),
        ('- {term: 电汇, synonyms: "\\ud800"}', "a.yml", "a character that is none"),
        ('- {term: 电汇, meaning: "\\0"}', "a.yml", "a character that is none"),
        ("term,synonyms\n" + "a,b\n" * 5001, "a.csv", "more than 5000 terms"),
    ],
)
def test_what_is_no_list_of_terms_is_refused_whole(text: str, name: str, said: str) -> None:
    with pytest.raises(BadArticle, match=said):
        read(text, name)


def test_an_empty_yaml_file_changes_nothing() -> None:
    assert read("", "a.yml") == TermsRead((), (), (), ())


def test_yaml_takes_lists_numbers_and_one_word() -> None:
    done = read("- {term: 型号七, synonyms: [777, 七型]}\n- {term: 电汇, synonyms: TT}\n", "a.yml")
    assert [t.synonyms for t in done.added] == [("777", "七型"), ("TT",)]


def test_yaml_says_what_is_written() -> None:
    done = read("- {term: 1.50, synonyms: [5.10, 2024-13-45, ~], meaning: 0x1F, brand: }", "a.yml")
    assert [(t.name, t.synonyms, t.meaning, t.brand_id) for t in done.added] == [
        ("1.50", ("5.10", "2024-13-45"), "0x1F", None)
    ]
    assert done.failed == ()


def test_an_alias_in_yaml_does_not_multiply() -> None:
    lists = ["- &a0 {term: abc, meaning: x}"]
    lists += [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(BadArticle, match="must be a list"):
        read("\n".join(lists), "a.yml")


def test_no_cell_is_a_formula_to_a_spreadsheet_and_it_is_read_back() -> None:
    terms = [Term(name='=HYPERLINK("x")', synonyms=("+86", "国际区号"), meaning="-1 @", id=1)]
    data = write_csv(terms)
    assert data.decode("utf-8-sig").splitlines()[1] == (
        '"\'=HYPERLINK(""x"")",\'+86|国际区号,\'-1 @,'
    )
    assert read_terms(parse_terms(data, "a.csv"), terms).unchanged == tuple(terms)


def test_words_that_move_through_very_many_terms_are_left_for_the_next_import() -> None:
    kept = [Term(name=f"词条{n}", synonyms=(f"说法{n}",), id=n + 1) for n in range(40)]
    rows = "".join(f"词条{n},说法{n + 1}\n" for n in range(40))
    done = read(f"term,synonyms\n{rows}", kept=kept)
    assert len(done.changed) == 20
    assert "belongs to the term `词条20`" in done.failed[-1].message
