"""Run the tests of a knowledge base, and measure search on a folder of questions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np
import yaml

from knowledge.article import Answer, Article, Scope
from knowledge.errors import BadArticle, Problem
from knowledge.front_matter import DEFAULT_BRAND
from knowledge.passages import Passage, split_article
from knowledge.search import KnowledgeBase
from knowledge.text import normalise
from knowledge.vectors import Encode


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the article and heading that must answer; both None: must abstain.

    `brand_id` is the brand whose customers ask.
    """

    question: str
    article_id: str | None
    heading: str | None
    brand_id: str = DEFAULT_BRAND

    def is_answered_by(self, passage: Passage) -> bool:
        """Whether this passage is the one wanted."""
        return passage.article_id == self.article_id and self.heading == passage.heading


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case; `found` describes the first hit."""

    case: Case
    passed: bool
    rank: int | None
    answerable: bool
    score: float
    found: str


@dataclass(frozen=True, slots=True)
class TestReport:
    """All results, with the figures that sum them up (None where there was no such case)."""

    __test__ = False  # not a class for pytest

    results: tuple[CaseResult, ...]
    recall_at_1: float | None
    recall_at_5: float | None
    mrr: float | None
    answered: float | None
    abstained: float | None


def cases_of(articles: Sequence[Article]) -> tuple[Case, ...]:
    """The tests that are written in the articles themselves."""
    return tuple(
        Case(
            test.question,
            None if test.heading is None else article.id,
            test.heading,
            article.brand_id,
        )
        for article in articles
        for test in article.tests
    )


def read_case_file(path: Path, articles: Sequence[Article]) -> tuple[Case, ...]:
    """Cases kept apart from the articles: YAML, `tests:` with question, article and heading each.

    Raises BadArticle when the file is not of this form, or names an article or heading that is not
    there.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        cases = tuple(
            Case(str(entry["question"]), entry["article"], entry["heading"])
            for entry in data["tests"]
        )
    except (yaml.YAMLError, ValueError, AttributeError, KeyError, TypeError) as error:
        message = f"it must hold `tests:` with question, article and heading each ({error!r})."
        raise BadArticle([Problem(str(path), message)]) from error
    known = {
        (passage.article_id, passage.heading)
        for article in articles
        for passage in split_article(article)
    }
    problems = [
        Problem(
            str(path),
            f"{case.question!r} wants {case.article_id} / {case.heading}, which"
            " does not exist; correct the article's id or the heading.",
        )
        for case in cases
        if case.heading is not None and (case.article_id, case.heading) not in known
    ]
    if problems:
        raise BadArticle(problems)
    return cases


class Searches(Protocol):
    """Ranks passages for a question."""

    def search(
        self, question: str, *, scope: Scope, limit: int = 5, now: datetime | None = None
    ) -> Answer:
        """Rank passages for the question, within the scope."""
        ...


def run_cases(
    base: Searches,
    cases: Sequence[Case],
    *,
    scope: Scope | None = None,
    now: datetime | None = None,
) -> TestReport:
    """Ask every question; a case passes when the wanted heading comes first and is good enough to
    be said, or when abstention is wanted and nothing is. Without a scope each is asked within all
    articles of its brand.
    """
    results = tuple(
        _judge(
            case,
            base.search(case.question, scope=scope or Scope(case.brand_id), limit=10, now=now),
        )
        for case in cases
    )
    wanted = [result for result in results if result.case.heading is not None]
    ranks = [result.rank for result in wanted]
    empty = [result for result in results if result.case.heading is None]
    return TestReport(
        results=results,
        recall_at_1=_share([rank == 1 for rank in ranks]),
        recall_at_5=_share([rank is not None and rank <= 5 for rank in ranks]),
        mrr=_share([0.0 if rank is None else 1 / rank for rank in ranks]),
        answered=_share([result.answerable for result in wanted]),
        abstained=_share([not result.answerable for result in empty]),
    )


def benchmark_faq(
    folder: Path, encode: Encode, *, similar: Path | None = None, baseline: bool = False
) -> dict[str, float]:
    """Measure search on `faq.tsv` or `corpus.tsv` (id, question) with `test.tsv` or `queries.tsv`
    (text, id): recall_at_1, _5 and _10, mrr_at_10, and milliseconds a question, encoder included.

    `similar` is a file of further questions (text, id) for the articles. `baseline` adds
    ngrams_recall_at_1, that of the most similar question by character n-grams (TF-IDF) alone.
    Raises BadArticle for a file that is missing, not of this form, or names an unknown id.
    """
    corpus = _rows(_either(folder, "faq.tsv", "corpus.tsv"))
    queries = _rows(_either(folder, "test.tsv", "queries.tsv"))
    further = _similar(similar, known={key for key, _ in corpus}) if similar else {}
    articles = [
        Article(id=key, title=text, body=text, questions=tuple(further.get(key, ())))
        for key, text in corpus
    ]
    base = KnowledgeBase(encode, articles=articles)
    ranks, milliseconds = [], []
    for text, wanted in queries:
        started = time.perf_counter()
        answer = base.search(text, limit=10)
        milliseconds.append(1000 * (time.perf_counter() - started))
        ids = list(dict.fromkeys(hit.article_id for hit in answer.hits))
        ranks.append(ids.index(wanted) + 1 if wanted in ids else None)
    figures = {
        f"recall_at_{depth}": float(np.mean([r is not None and r <= depth for r in ranks]))
        for depth in (1, 5, 10)
    }
    figures["mrr_at_10"] = float(np.mean([0.0 if r is None else 1 / r for r in ranks]))
    if baseline:
        figures["ngrams_recall_at_1"] = _ngrams_recall(articles, queries)
    figures["p50_ms"] = float(np.percentile(milliseconds, 50))
    figures["p95_ms"] = float(np.percentile(milliseconds, 95))
    return figures


def _similar(path: Path, *, known: set[str]) -> dict[str, list[str]]:
    questions: dict[str, list[str]] = {}
    for text, key in _rows(path):
        if key not in known:
            message = f"{text!r} belongs to {key!r}, which the questions' file does not have."
            raise BadArticle([Problem(str(path), message)])
        questions.setdefault(key, []).append(text)
    return questions


def _ngrams_recall(articles: Sequence[Article], queries: Sequence[tuple[str, str]]) -> float:
    from sklearn.feature_extraction.text import (
        TfidfVectorizer,
    )  # slow to load; searching needs none

    keys = [
        (article.id, text) for article in articles for text in (article.title, *article.questions)
    ]
    weigh = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), preprocessor=normalise)
    known = weigh.fit_transform([text for _, text in keys])
    asked = weigh.transform([text for text, _ in queries])
    nearest = np.asarray((asked @ known.T).todense()).argmax(axis=1)
    return float(np.mean([keys[n][0] == key for n, (_, key) in zip(nearest, queries, strict=True)]))


def _judge(case: Case, answer: Answer) -> CaseResult:
    rank = None
    for place, hit in enumerate(answer.hits, start=1):
        if hit.article_id == case.article_id and hit.heading == case.heading:
            rank = place
            break
    passed = not answer.answerable if case.heading is None else rank == 1 and answer.answerable
    first = answer.hits[0] if answer.hits else None
    return CaseResult(
        case=case,
        passed=passed,
        rank=rank,
        answerable=answer.answerable,
        score=first.score if first else 0.0,
        found=f"{first.article_id} / {first.heading}" if first else "",
    )


def _share(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _either(folder: Path, first: str, second: str) -> Path:
    for name in (first, second):
        if (folder / name).is_file():
            return folder / name
    message = f"there is neither {first} nor {second}; see `jiedai benchmark faq --help`."
    raise BadArticle([Problem(str(folder), message)])


def _rows(path: Path) -> list[tuple[str, str]]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        parts = line.split("\t")
        if len(parts) == 2:
            rows.append((parts[0], parts[1]))
        elif line.strip():
            message = "a line must be two columns with one tab between."
            raise BadArticle([Problem(str(path), message, number)])
    return rows
