"""The library's counts, filters and pages are those that reading every article would give."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from knowledge.article import ArticleStatus
from knowledge.draft import DraftState
from webapp.db import tables
from webapp.db.catalogue import Catalogue, Wanted
from webapp.db.database import Database
from webapp.records import Standing

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = ["退货", "Refund", "100%", "a_b", "发票", '"', "\\", "手机", "café", "😀"]
PLACES = ["", "售后", "售后/退换", "售后/维修", "售后服务", "Web", "web/退换", "手_机/屏幕"]
LISTED = ["耳机", "a", '"', ", ", "A", "a%"]
PEOPLE = ["ed", "eva", None]
COUNT = 240


def rows_of(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Articles and drafts of every kind, by chance."""
    chance = random.Random(seed)

    def some(values: list[str], most: int) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.randint(0, most)))

    def moment() -> datetime:
        return NOW - timedelta(hours=chance.randint(0, 40))

    articles, drafts = [], []
    for number in range(COUNT):
        last = TODAY + timedelta(days=chance.randint(-3, 40))
        article = {
            "id": f"{chance.choice(['A', 'b', '文'])}{number}",
            "brand_id": chance.choice(["default"] * 5 + ["other"]),
            "title": chance.choice(["同名", f"{chance.choice(WORDS)}{number % 9}"]),
            "body": " ".join(some(WORDS, 3)),
            "status": chance.choice(list(ArticleStatus)),
            "product": chance.choice(["耳机", "手表", "", None]),
            "versions": (),
            "channels": some(["web", "app", "A"], 2),
            "tags": some(LISTED, 3),
            "category": tuple(name for name in chance.choice(PLACES).split("/") if name),
            "valid_until": chance.choice([None, last]),
            "questions": some(WORDS, 2),
            "tests": (),
            "content_hash": "",
            "updated_at": chance.choice([None, moment(), moment()]),
            "updated_by": chance.choice(PEOPLE),
            "revision": chance.choice([0, 1, 2]),
        }
        articles.append(article)
        if chance.random() < 0.5:
            drafts.append(
                {
                    "article_id": article["id"],
                    "markdown": " ".join(some(WORDS, 2)),
                    "title": chance.choice(WORDS),
                    "state": chance.choice(list(DraftState)),
                    "base": 0,
                    "version": 1,
                    "author": chance.choice(["ed", "eva"]),
                    "written_at": moment(),
                    "step_by": "ed",
                    "step_at": NOW,
                    "failures": 0,
                }
            )
    return articles, drafts


class Reference:
    """What the library has to show, from everything in memory."""

    def __init__(self, articles: list[dict[str, Any]], drafts: list[dict[str, Any]]) -> None:
        self._drafts = {draft["article_id"]: draft for draft in drafts}
        self._articles = [article for article in articles if article["brand_id"] == "default"]

    def asked(self, wanted: Wanted) -> list[dict[str, Any]]:
        return [article for article in self._articles if self._is(article, wanted)]

    def standing(self, article: dict[str, Any]) -> Standing:
        state = self._drafts.get(article["id"], {}).get("state")
        if article["status"] is ArticleStatus.ARCHIVED:
            return Standing.ARCHIVED
        if state in (DraftState.REVIEW, DraftState.SCHEDULED):
            return Standing(state.value)
        if article["revision"] == 0:
            return Standing.DRAFT
        if article["valid_until"] is not None and article["valid_until"] < TODAY:
            return Standing.EXPIRED
        return Standing.CHANGED if state else Standing.PUBLISHED

    def page(
        self, wanted: Wanted, standing: Standing | None, branch: tuple[str, ...] | None
    ) -> list[tuple[datetime, str]]:
        """When each changed and its title, in their order."""
        shown = [
            article
            for article in self.asked(wanted)
            if self._stands(article, standing) and self._is_at(article["category"], branch)
        ]
        keys = [(self._changed(article), article["title"]) for article in shown]
        return sorted(keys, key=lambda key: key[0], reverse=True)

    def _stands(self, article: dict[str, Any], wanted: Standing | None) -> bool:
        own = self.standing(article)
        return own is not Standing.ARCHIVED if wanted is None else own is wanted

    @staticmethod
    def _is_at(place: tuple[str, ...], branch: tuple[str, ...] | None) -> bool:
        if not branch:
            return branch is None or not place
        return place[: len(branch)] == branch

    def _changed(self, article: dict[str, Any]) -> datetime:
        written = self._drafts.get(article["id"], {}).get("written_at") or NEVER
        return max(written, article["updated_at"] or NEVER)

    def _is(self, article: dict[str, Any], wanted: Wanted) -> bool:
        draft = self._drafts.get(article["id"], {})
        texts = [article["id"], article["title"], article["body"], *article["questions"]]
        texts += [draft.get("title", ""), draft.get("markdown", "")]
        last = article["valid_until"]
        return (
            all(any(w.lower() in text.lower() for text in texts) for w in wanted.words)
            and (wanted.product is None or article["product"] == wanted.product)
            and (wanted.tag is None or wanted.tag in article["tags"])
            and (wanted.channel is None or wanted.channel in article["channels"])
            and (
                wanted.written_by is None
                or (draft.get("author") or article["updated_by"]) == wanted.written_by
            )
            and (
                wanted.last_day is None
                or (last is not None and wanted.last_day[0] <= last <= wanted.last_day[1])
            )
        )


def questions(seed: int) -> Iterator[tuple[Wanted, Standing | None, tuple[str, ...] | None]]:
    chance = random.Random(seed)
    yield Wanted(), None, None
    for standing in Standing:
        yield Wanted(), standing, None
    for place in (*PLACES, "售", "WEB", "手机"):
        yield Wanted(), None, tuple(place.split("/")) if place else ()
    for tag in LISTED:
        yield Wanted(tag=tag), None, None
    for word in (
        "退货",
        "REFUND",
        "100%",
        "A_B",
        "同名",
        "文1",
        "Café",
        "😀",
        '"',
        "\\",
        "900",
        "[",
    ):
        yield Wanted(words=(word,)), None, None
    for _ in range(25):
        days = (TODAY, TODAY + timedelta(days=30))
        yield (
            Wanted(
                words=tuple(
                    chance.sample(["退货", "refund", "发票", "手机"], chance.choice([0, 1, 2]))
                ),
                product=chance.choice([None, None, "耳机", ""]),
                tag=chance.choice([None, None, *LISTED]),
                channel=chance.choice([None, None, "web", "a"]),
                written_by=chance.choice([None, "ed"]),
                last_day=chance.choice([None, days]),
            ),
            chance.choice([None, None, *Standing]),
            chance.choice([None, None, (), ("售后",)]),
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_the_library_is_what_reading_every_article_gives(db: Database, seed: int) -> None:
    articles, drafts = rows_of(seed)
    with db.write() as work:
        work.session.execute(insert(tables.articles), articles)
        work.session.execute(insert(tables.article_drafts), drafts)
    reference = Reference(articles, drafts)
    found = 0
    with db.read() as work:
        catalogue = Catalogue(work.session, today=TODAY)
        for wanted, standing, branch in questions(seed):
            asked = reference.asked(wanted)
            counted = Counter((reference.standing(a), a["category"]) for a in asked)
            assert catalogue.counts(wanted) == counted, wanted
            every = catalogue.page(wanted, standing=standing, branch=branch, skip=0, limit=COUNT)
            keys = [
                (max(e.draft_written_at or NEVER, e.updated_at or NEVER), e.title) for e in every
            ]
            expected = reference.page(wanted, standing, branch)
            assert [key[0] for key in keys] == [key[0] for key in expected], (wanted, branch)
            assert sorted(keys) == sorted(expected)
            paged = [
                entry.id
                for skip in range(0, COUNT, 30)
                for entry in catalogue.page(
                    wanted, standing=standing, branch=branch, skip=skip, limit=30
                )
            ]
            assert paged == [entry.id for entry in every]
            found += len(every)
        ours = [article for article in articles if article["brand_id"] == "default"]
        assert catalogue.count() == len(ours)
        choices = catalogue.choices()
        assert choices.products == sorted({a["product"] for a in ours if a["product"]})
        assert choices.tags == sorted({tag for a in ours for tag in a["tags"]})
        assert choices.channels == sorted({channel for a in ours for channel in a["channels"]})
    assert found > COUNT
