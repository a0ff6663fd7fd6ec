"""Terms over HTTP: kept, found, changed, refused, imported, exported, and read at once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from handoff.agent import Role
from tests.webapp.site import Site, with_real_search

TERMS = "/api/v1/knowledge/terms"
COVER = {"term": "退货包运费", "synonyms": ["运费险", "退货险"], "meaning": "", "brand": None}
FOB = {"term": "离岸价", "synonyms": ["FOB"], "meaning": "装上船为止的价格", "brand": None}
ARTICLE = "---\nid: returns\ntitle: 退货\n---\n\n## 退货包运费\n\n最多补贴十五元。\n"


@pytest.fixture
def staffed(any_site: Site) -> Site:
    site = with_real_search(any_site)
    site.add_staff("Eve", Role.EDITOR)
    site.add_staff("Sam", Role.SUPERVISOR)
    return site


def added(site: Site, term: dict[str, Any]) -> Any:
    answer = site.post(TERMS, by="Eve", json=term)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.get_json()


def listed(site: Site, query: str = "") -> list[str]:
    return [item["term"] for item in site.get(f"{TERMS}{query}", by="Sam").get_json()["items"]]


def sent(site: Site, text: str, name: str = "terms.csv") -> TestResponse:
    data = {"file": (io.BytesIO(text.encode()), name)}
    return site.post(f"{TERMS}/import", by="Eve", data=data)


def audited(site: Site, count: int) -> list[tuple[str, str]]:
    with site.services.db.read() as work:
        return [(entry.action, entry.actor) for entry in work.audit.latest(limit=count)]


def test_a_term_is_added_found_changed_and_removed(staffed: Site) -> None:
    kept = added(staffed, COVER)
    assert {name: kept[name] for name in COVER} == COVER
    assert (kept["revision"], kept["updated_by"]) == (1, "Eve")
    added(staffed, FOB)
    assert listed(staffed, "?q=運費險") == ["退货包运费"]
    assert listed(staffed, "?q=fob") == ["离岸价"]
    assert listed(staffed, "?q=装上船") == ["离岸价"]
    changed = {**COVER, "synonyms": ["小盾牌"], "revision": 1}
    answer = staffed.put(f"{TERMS}/{kept['id']}", by="Eve", json=changed)
    assert (answer.status_code, answer.get_json()["synonyms"]) == (200, ["小盾牌"])
    assert listed(staffed, "?q=运费险") == []
    gone = staffed.call("DELETE", f"{TERMS}/{kept['id']}", by="Eve")
    assert (gone.status_code, listed(staffed)) == (200, ["离岸价"])
    assert audited(staffed, 4) == [
        ("term.removed", "Eve"), ("term.changed", "Eve"), ("term.added", "Eve"),
        ("term.added", "Eve"),
    ]  # fmt: skip


def test_questions_are_read_with_a_change_from_the_next_one_on(staffed: Site) -> None:
    staffed.post("/api/v1/articles", by="Eve", json={"markdown": ARTICLE})

    def found() -> Any:
        answer = staffed.get("/api/v1/articles/search?q=FOB运费险", by="Sam").get_json()
        return answer["read"], answer["hits"][0]["why"]["cover_best"]

    read, before = found()
    assert read == []
    kept = added(staffed, COVER)
    read, after = found()
    assert read == [{"said": "运费险", "term": "退货包运费"}]
    assert after > before
    staffed.call("DELETE", f"{TERMS}/{kept['id']}", by="Eve")
    assert found() == ([], before)


def test_a_term_that_no_article_uses_is_pointed_out(staffed: Site) -> None:
    staffed.post("/api/v1/articles", by="Eve", json={"markdown": ARTICLE})
    assert added(staffed, COVER)["unused"] is False
    assert added(staffed, FOB)["unused"] is True


def test_whoever_was_overtaken_is_told_and_nothing_is_overwritten(staffed: Site) -> None:
    kept = added(staffed, COVER)
    path = f"{TERMS}/{kept['id']}"
    assert (
        staffed.put(path, by="Eve", json={**COVER, "meaning": "一", "revision": 1}).status_code
        == 200
    )
    late = staffed.put(path, by="Eve", json={**COVER, "meaning": "二", "revision": 1})
    assert (late.status_code, late.get_json()["error"]) == (409, "EditConflict")
    (item,) = staffed.get(TERMS, by="Sam").get_json()["items"]
    assert item["meaning"] == "一"


@pytest.mark.parametrize(
    ("term", "status", "code", "said"),
    [
        ({**FOB, "synonyms": ["运费险"]}, 409, "TermTaken", "已经是词条“退货包运费”的说法"),
        ({**FOB, "term": ""}, 422, "BadTerm", "没有写词条"),
        ({**FOB, "synonyms": ["价", "怎么"]}, 422, "BadTerm", "“怎么”在什么问题里都有"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(
    staffed: Site, term: dict[str, Any], status: int, code: str, said: str
) -> None:
    added(staffed, COVER)
    refused = staffed.post(TERMS, by="Eve", json=term)
    assert (refused.status_code, refused.get_json()["error"]) == (status, code)
    assert said in refused.get_json()["details"]["message_zh"]
    assert listed(staffed) == ["退货包运费"]


def test_one_that_is_gone_is_neither_changed_nor_removed(staffed: Site) -> None:
    for answer in (
        staffed.put(f"{TERMS}/7", by="Eve", json={**COVER, "revision": 1}),
        staffed.call("DELETE", f"{TERMS}/7", by="Eve"),
    ):
        assert (answer.status_code, answer.get_json()["error"]) == (404, "TermNotFound")


def test_an_import_takes_the_good_and_names_the_bad(staffed: Site) -> None:
    added(staffed, COVER)
    done = sent(staffed, "term,synonyms\n离岸价,FOB\n退货包运费,小盾牌\n电汇,FOB\n").get_json()
    assert (done["added"], done["changed"], done["unchanged"]) == (1, 1, 0)
    (problem,) = done["failed"]
    assert (problem["line"], "已经是词条“离岸价”的说法" in problem["message_zh"]) == (4, True)
    assert listed(staffed) == ["离岸价", "退货包运费"]
    assert audited(staffed, 1) == [("terms.imported", "Eve")]


def test_an_export_is_imported_without_a_change(staffed: Site) -> None:
    added(staffed, COVER)
    added(staffed, {**FOB, "brand": "lux"})
    for kind, ending in (("csv", "csv"), ("yaml", "yml")):
        exported = staffed.get(f"{TERMS}/export?format={kind}", by="Sam")
        assert ending in exported.headers["Content-Disposition"]
        done = sent(staffed, exported.get_data(as_text=True), f"terms.{ending}").get_json()
        assert done == {"added": 0, "changed": 0, "unchanged": 2, "failed": []}


def test_a_file_that_is_no_list_of_terms_is_refused_with_what_to_do(staffed: Site) -> None:
    refused = sent(staffed, "a,b\n1,2\n")
    assert refused.status_code == 422
    (problem,) = refused.get_json()["details"]
    assert (problem["line"], "第一行要写列名" in problem["message_zh"]) == (1, True)


def test_pages_of_a_long_list_follow_one_another(staffed: Site) -> None:
    rows = "".join(f"词条{n:03},说法{n:03}\n" for n in range(60))
    assert sent(staffed, f"term,synonyms\n{rows}").get_json()["added"] == 60
    first = staffed.get(TERMS, by="Sam").get_json()
    assert (len(first["items"]), first["total"], first["everything"]) == (50, 60, 60)
    assert listed(staffed, "?page=2")[0] == "词条050"


def test_supervisors_read_terms_and_editors_write_them(staffed: Site) -> None:
    assert staffed.post(TERMS, by="Sam", json=COVER).status_code == 403
    assert staffed.get(f"{TERMS}/export", by="Sam").status_code == 200
