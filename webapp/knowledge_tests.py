"""Tests of knowledge: run over everything, and over what a text would change before it is live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from dialogue.bot import FindsAnswers
from knowledge.article import Article, ArticleStatus
from knowledge.evaluate import Case, CaseResult, Searches, TestReport, cases_of, run_cases
from knowledge.meaning import Meaning
from knowledge.passages import split_article, split_question
from knowledge.search import KnowledgeBase
from knowledge.vectors import Encode
from webapp.db.database import Database
from webapp.learning_records import CaseOutcome, KnowledgeTestRun
from webapp.publish import StoredVectors

TESTS_WANTED = "knowledge.tests"
"""What the outbox calls a run over everything that somebody asked for."""

NEARBY = 25
"""How many tests of other articles are asked again: those nearest to what the text says."""

_LEAST_NEAR = 0.25
_AT_ONCE = 512  # pieces of text compared with all questions


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text would do: its own tests that fail, and others' that pass now and would fail.

    One of its own that finds the right passage but is too unsure to say it, as before, does not
    count. `run` is the run over all of them with the text live.
    """

    failing: tuple[CaseOutcome, ...]
    broken: tuple[CaseOutcome, ...]
    run: KnowledgeTestRun

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against publishing."""
        return not self.failing and not self.broken


Rehearse = Callable[[Sequence[Article]], Searches]
"""What would be searched if these articles were live."""


class KnowledgeTests:
    """Runs tests. `live` is what customers are answered from; it is never touched.

    `rehearse` shares what it can with it; without one an index is built anew from all articles.
    """

    def __init__(
        self,
        db: Database,
        *,
        live: FindsAnswers,
        meaning: Meaning,
        encode: Encode,
        rehearse: Rehearse | None = None,
    ) -> None:
        self.db = db
        self.live = live
        self.meaning = meaning
        self._encode = encode
        self.rehearse = self._build if rehearse is None else rehearse

    def run(self, *, by: str, now: datetime) -> KnowledgeTestRun:
        """Ask every test of every published article, and keep the run; raises StoreUnavailable."""
        with self.db.read() as work:
            articles = work.articles.published()
        report = run_cases(self.live, cases_of(articles), now=now)
        run = summary(report, by=by, scope="all", now=now)
        with self.db.write() as work:
            return work.test_runs.add(run)

    def judge(self, text: Article, *, by: str, scope: str, now: datetime) -> Verdict:
        """What would become of the tests if this text were live, and keep the run.

        Its own tests are asked, and those of other articles that are near to what it says or used
        to say, before and after: in an index of its own, made of vectors that are kept.
        """
        with self.db.read() as work:
            articles = work.articles.published()
        others = [article for article in articles if article.id != text.id]
        before = [article for article in articles if article.id == text.id]
        text = replace(text, status=ArticleStatus.PUBLISHED)
        candidate = self.rehearse([text])
        own = cases_of([text])
        near = self.nearest([text, *before], cases_of(others), most=NEARBY)
        nearby = [case for case, _ in near]
        report = run_cases(candidate, [*own, *nearby], now=now)
        fails = [r for r in report.results if not r.passed]
        was = run_cases(self.live, [r.case for r in fails], now=now).results
        mine = {id(result) for result in report.results[: len(own)]}
        verdict = Verdict(
            failing=tuple(
                outcome_of(then)
                for then, before_it in zip(fails, was, strict=True)
                if id(then) in mine and (before_it.passed or then.rank != 1)
            ),
            broken=tuple(
                outcome_of(then)
                for then, before_it in zip(fails, was, strict=True)
                if id(then) not in mine and before_it.passed
            ),
            run=summary(report, by=by, scope=scope, article_id=text.id, now=now),
        )
        with self.db.write() as work:
            return replace(verdict, run=work.test_runs.add(verdict.run))

    def nearest(
        self, texts: Sequence[Article], cases: Sequence[Case], *, most: int
    ) -> list[tuple[Case, Article]]:
        """The cases whose questions are nearest to anything these texts say, at most so many, each
        with the text that is nearest to it."""
        said, whose = [], []
        for text in texts:
            parts = [
                f"{' '.join(dict.fromkeys(passage.heading_path))}\n{passage.text}"
                for passage in split_article(text)
            ]
            parts += [split_question(question)[0] for question in text.questions]
            said += parts
            whose += [text] * len(parts)
        if not cases or not said:
            return []
        asked = self.meaning.vectors([case.question for case in cases])
        near = np.full(len(cases), -1.0, np.float32)
        by = np.zeros(len(cases), int)
        for start in range(0, len(said), _AT_ONCE):
            likeness = asked @ self.meaning.vectors(said[start : start + _AT_ONCE]).T
            best = likeness.argmax(axis=1)
            value = likeness[np.arange(len(cases)), best]
            by = np.where(value > near, best + start, by)
            near = np.maximum(near, value)
        order = np.argsort(-near, kind="stable")[:most]
        return [(cases[n], whose[by[n]]) for n in order.tolist() if near[n] >= _LEAST_NEAR]

    def _build(self, changed: Sequence[Article]) -> Searches:
        ids = {article.id for article in changed}
        with self.db.read() as work:
            staying = [a for a in work.articles.published() if a.id not in ids]
            terms = work.terms.list()
        return KnowledgeBase(
            self._encode,
            encoder=self.meaning.encoder,
            kept=StoredVectors(self.db),
            articles=[*staying, *changed],
            terms=terms,
        )


def summary(
    report: TestReport, *, by: str, scope: str, now: datetime, article_id: str | None = None
) -> KnowledgeTestRun:
    """A report as it is kept: its figures and what failed."""
    return KnowledgeTestRun(
        at=now,
        by=by,
        scope=scope,
        article_id=article_id,
        cases=len(report.results),
        passed=sum(result.passed for result in report.results),
        recall_at_1=report.recall_at_1,
        recall_at_5=report.recall_at_5,
        mrr=report.mrr,
        answered=report.answered,
        abstained=report.abstained,
        failures=tuple(outcome_of(result) for result in report.results if not result.passed),
    )


def outcome_of(result: CaseResult) -> CaseOutcome:
    """What is kept of a case."""
    return CaseOutcome(
        question=result.case.question,
        article_id=result.case.article_id,
        heading=result.case.heading,
        found=result.found,
        score=result.score,
        answerable=result.answerable,
    )
