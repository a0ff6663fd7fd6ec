"""Tests of what an import brings, before it is live; what they cost is bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from knowledge.article import Article, ArticleStatus
from knowledge.evaluate import Case, CaseResult, Searches, cases_of, run_cases
from webapp.knowledge_tests import NEARBY, KnowledgeTests, outcome_of
from webapp.learning_records import CaseOutcome, HeldUp

MOST_QUESTIONS = 4000
"""How many questions an import asks at most, each in about 50 ms: the worker asks the rest."""

NEARBY_OF_PART = 100
"""How many tests of other articles are asked for a part of an import, the nearest to it."""

ASKED_AT_ONCE = 100
"""After as many questions there is a sign of life: a part may have thousands."""

ROUNDS = 3
"""What is held up is taken away and the rest is asked again, at most so often in all."""


class ImportTests:
    """Judges an import part by part. What came in before counts as there; `untested` counts the
    tests for which there were too many. `tests` is asked for when there is something to ask, and
    `alive` is told now and then that it goes on."""

    def __init__(
        self,
        tests: Callable[[], KnowledgeTests],
        *,
        published: Sequence[Article],
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._make = tests
        self._alive = alive
        self._left = MOST_QUESTIONS
        self._live = {article.id for article in published}
        self._cases = {article.id: cases_of([article]) for article in published if article.tests}
        self.untested = 0

    def judge(self, texts: Sequence[Article], *, now: datetime) -> tuple[HeldUp, ...]:
        """Which of these texts must not be live, if the others were.

        Those of which a test of their own finds another passage, and those that break a test which
        passes now; where several may have broken one, it is that which answers in its place.
        """
        own = {text.id: self._affordable(text) for text in texts}
        accepted = {text.id: replace(text, status=ArticleStatus.PUBLISHED) for text in texts}
        held: dict[str, HeldUp] = {}
        results: dict[Case, CaseResult] = {}
        for _ in range(ROUNDS if any(own.values()) or self._cases else 0):
            found = self._round(accepted, own, results, now)
            if not found:
                break
            held |= found
            results = self._still_hold(results, found)
            accepted = {key: text for key, text in accepted.items() if key not in held}
        for text in accepted.values():
            self._cases[text.id] = cases_of([text])
        self._live |= set(accepted)
        return tuple(held.values())

    def _affordable(self, text: Article) -> Sequence[Case]:
        cases = cases_of([text])
        if len(cases) > self._left:
            self.untested += len(cases)
            return ()
        self._left -= len(cases)
        return cases

    def _still_hold(
        self, results: Mapping[Case, CaseResult], gone: Mapping[str, HeldUp]
    ) -> dict[Case, CaseResult]:
        """What need not be asked again when these texts are taken away: what passed, unless an
        earlier text of theirs comes back."""
        if not self._live.isdisjoint(gone):
            return {}
        return {
            case: result
            for case, result in results.items()
            if result.passed and not _answering(result, gone)
        }

    def _round(
        self,
        accepted: Mapping[str, Article],
        own: Mapping[str, Sequence[Case]],
        results: dict[Case, CaseResult],
        now: datetime,
    ) -> dict[str, HeldUp]:
        tests, texts = self._make(), list(accepted.values())
        if not texts:
            return {}
        others = [case for key, cases in self._cases.items() if key not in own for case in cases]
        others += [case for key in own if key not in accepted for case in self._cases.get(key, ())]
        most = min(NEARBY_OF_PART, NEARBY * len(texts), max(self._left, 0))
        near = tests.nearest(texts, others, most=most)
        cases = [case for text in texts for case in own[text.id]]
        asked = [*cases, *(case for case, _ in near)]
        new = [case for case in dict.fromkeys(asked) if case not in results]
        self._left -= len(new) - len(set(cases).intersection(new))
        if new:
            asked_now = self._ask(tests.rehearse(texts), new, now)
            results.update(zip(new, asked_now, strict=True))
        fails = [(n, results[case]) for n, case in enumerate(asked) if not results[case].passed]
        was = self._ask(tests.live, [then.case for _, then in fails], now)
        blamed: dict[str, tuple[list[CaseOutcome], list[CaseOutcome]]] = {}
        whose = [text.id for text in texts for _ in own[text.id]]
        for (number, then), before in zip(fails, was, strict=True):
            if number < len(cases):
                if before.passed or then.rank != 1:
                    blamed.setdefault(whose[number], ([], []))[0].append(outcome_of(then))
            elif before.passed:
                culprit = _answering(then, accepted) or near[number - len(cases)][1].id
                blamed.setdefault(culprit, ([], []))[1].append(outcome_of(then))
        return {
            key: HeldUp(article_id=key, failing=tuple(failing), broken=tuple(broken))
            for key, (failing, broken) in blamed.items()
        }

    def _ask(self, base: Searches, cases: Sequence[Case], now: datetime) -> list[CaseResult]:
        results: list[CaseResult] = []
        for start in range(0, len(cases), ASKED_AT_ONCE):
            self._alive()
            part = cases[start : start + ASKED_AT_ONCE]
            results += run_cases(base, part, now=now).results
        return results


def _answering(result: CaseResult, among: Mapping[str, object]) -> str | None:
    """The article that came first, if it is one of these."""
    article_id = result.found.partition(" / ")[0]
    return article_id if article_id in among else None
