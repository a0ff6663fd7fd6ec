"""Examine a whole knowledge base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from knowledge.article import Article
from knowledge.health import (
    Evidence,
    Excerpt,
    Finding,
    FindingKind,
    Limits,
    in_order,
    in_service,
)
from knowledge.health_articles import examine_article
from knowledge.health_links import examine_links
from knowledge.health_pairs import (
    NEAR,
    NEIGHBOURS,
    Claim,
    claims_of,
    conflicts,
    frame_of,
    likeness,
    may_meet,
    neighbours,
)
from knowledge.meaning import Meaning
from knowledge.passages import Passage, split_article, split_question
from knowledge.text import terms

_DUPLICATE = 0.85
"""Likeness in words from which two passages say the same."""

_NEAR_DUPLICATE = 0.6
"""Similarity in meaning below which two passages are not even compared for that."""

_SAME_QUESTION = 0.88
"""Similarity in meaning from which two questions ask the same; found on pairs written for it."""

_AROUND = 60


def examine(
    articles: Sequence[Article],
    *,
    meaning: Meaning,
    now: datetime,
    evidence: Evidence | None = None,
    limits: Limits | None = None,
) -> tuple[Finding, ...]:
    """Every finding of a knowledge base, the gravest first."""
    evidence, limits = evidence or Evidence(), limits or Limits()
    by_article = {article.id: split_article(article) for article in articles}
    serving = in_service(articles, now.date())
    found: list[Finding] = []
    for article in articles:
        found += examine_article(
            article, by_article[article.id], evidence=evidence, limits=limits, now=now
        )
    found += examine_links(serving, by_article, files=evidence.files)
    found += _pairs(serving, by_article, meaning)
    found += _questions(serving, by_article, meaning)
    return in_order(found)


def _pairs(
    articles: Sequence[Article], by_article: dict[str, tuple[Passage, ...]], meaning: Meaning
) -> Iterator[Finding]:
    """Passages that say the same twice, or that cannot both be true."""
    owners = {article.id: article for article in articles}
    passages = [passage for article in articles for passage in by_article[article.id]]
    vectors = meaning.vectors([_full_text(passage) for passage in passages])
    claims: dict[int, tuple[Claim, ...]] = {}
    for first, second, near in neighbours(vectors, limit=NEIGHBOURS, least=NEAR):
        mine, theirs = passages[first], passages[second]
        if not may_meet(owners[mine.article_id], owners[theirs.article_id]):
            continue
        if mine.title == theirs.title and mine.heading != theirs.heading:
            continue  # its own headings tell an article's matters apart
        for place in (first, second):
            if place not in claims:
                claims[place] = claims_of(passages[place])
        differing = conflicts(claims[first], claims[second])
        if differing:
            excerpts = (
                _excerpt(mine, differing[0].first_spans),
                _excerpt(theirs, differing[0].second_spans),
            )
            yield Finding(FindingKind.CONTRADICTION, excerpts)
        elif (
            near >= _NEAR_DUPLICATE
            and likeness(*map(frame_of, (mine.text, theirs.text))) >= _DUPLICATE
        ):
            yield Finding(FindingKind.DUPLICATE, (_excerpt(mine), _excerpt(theirs)))


def _questions(
    articles: Sequence[Article], by_article: dict[str, tuple[Passage, ...]], meaning: Meaning
) -> Iterator[Finding]:
    """The same similar question at two articles that say different things."""
    asked = [
        (article, *split_question(question))
        for article in articles
        for question in article.questions
        if by_article[article.id]
    ]
    texts = [text for _, text, _ in asked]
    pairs = {
        (first, second)
        for first, second, _ in neighbours(
            meaning.vectors(texts), limit=NEIGHBOURS, least=_SAME_QUESTION
        )
    }
    for first, second in sorted(pairs | _same_words(texts)):
        (mine, text, heading), (theirs, other, other_heading) = asked[first], asked[second]
        if mine.id == theirs.id or not may_meet(mine, theirs):
            continue
        excerpts = (
            Excerpt(mine.id, mine.title, heading or "", text),
            Excerpt(theirs.id, theirs.title, other_heading or "", other),
        )
        yield Finding(FindingKind.SAME_QUESTION, excerpts)


def _same_words(texts: Sequence[str]) -> set[tuple[int, int]]:
    """Pairs of texts of the same words in any order, besides those that all questions share."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        letters = tuple(sorted(term for term in terms(text) if len(term) == 1 or term.isascii()))
        if len(letters) >= 3:
            places[letters].append(place)
    return {
        (first, second)
        for same in places.values()
        for at, first in enumerate(same)
        for second in same[at + 1 :]
    }


def _excerpt(passage: Passage, spans: tuple[tuple[int, int], ...] = ()) -> Excerpt:
    """The words around the spans, or the beginning where there are none."""
    start = max(spans[0][0] - _AROUND, 0) if spans else 0
    end = min((spans[-1][1] if spans else start + _AROUND) + _AROUND, len(passage.text))
    head, tail = "…" if start else "", "…" if end < len(passage.text) else ""
    shift = len(head) - start
    return Excerpt(
        passage.article_id,
        passage.title,
        passage.heading,
        f"{head}{passage.text[start:end]}{tail}",
        tuple((span_start + shift, span_end + shift) for span_start, span_end in spans),
    )


def _full_text(passage: Passage) -> str:
    """The text that search keeps a vector of, so that none is encoded again."""
    return f"{' '.join(dict.fromkeys(passage.heading_path))}\n{passage.text}"
