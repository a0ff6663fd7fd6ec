"""Answer a question from the articles, or say that they hold no answer."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np

from knowledge.article import Answer, Article, Hit, Scope
from knowledge.background import load_background
from knowledge.chat_form import fit_for_chat
from knowledge.features import FEATURES, Candidates, find_candidates
from knowledge.fusion import Floats, Fusion, best_of, default_fusion, leads
from knowledge.index import Live, PassageIndex, build_index, change_index, is_scattered, tidy_index
from knowledge.segment import Source
from knowledge.terms import Term, TermReader
from knowledge.text import normalise
from knowledge.vector_index import IndexesInMemory, VectorIndexes
from knowledge.vectors import Encode, MemoryVectors, PassageVectors, encode_texts

_LONGEST_QUESTION = 1000
_EXPLAINED = (
    "late",
    "meaning",
    "dense_best",
    "dense_heading",
    "dense_text",
    "cover_best",
    "lexical_best",
)


class KnowledgeBase:
    """The published articles, ready to be searched by any number of threads.

    `encoder` is the fingerprint of `encode`; `kept` remembers vectors between processes (the
    default only within this one). `min_score` is the calibrated score from which a passage may be
    said; None takes the fitted one. `indexes` finds the nearest vectors (None: in memory), `terms`
    are what words of questions are read as.
    """

    def __init__(
        self,
        encode: Encode,
        *,
        encoder: str = "",
        kept: PassageVectors | None = None,
        articles: Sequence[Article] = (),
        fusion: Fusion | None = None,
        min_score: float | None = None,
        indexes: VectorIndexes | None = None,
        terms: Sequence[Term] = (),
    ) -> None:
        self._encode = encode
        self._encoder = encoder
        self._kept = MemoryVectors() if kept is None else kept
        self._indexes = IndexesInMemory() if indexes is None else indexes
        self._fusion = default_fusion() if fusion is None else fusion
        self.min_score = self._fusion.min_score if min_score is None else min_score
        self._replacing = threading.Lock()
        self._index: PassageIndex | None = None
        self._reader = TermReader(terms)
        if articles:
            self.replace(articles)

    def replace(
        self, articles: Sequence[Article], *, progress: Callable[[int], None] | None = None
    ) -> None:
        """Take these articles instead of the present ones; searches see all or nothing of it.

        Only texts without a kept vector are encoded. `progress` is called with the number of
        articles done.
        """
        with self._replacing:
            self._index = build_index(articles, self._source, progress=progress)

    def change(self, changed: Sequence[Article]) -> None:
        """Take these articles instead of those of their ids: new, changed, or not published any
        more. Searches see all or nothing of it.
        """
        with self._replacing:
            if self._index is None:
                self._index = build_index(changed, self._source)
            else:
                self._index = change_index(self._index, changed, self._source)

    def with_changes(self, changed: Sequence[Article]) -> KnowledgeBase:
        """Another base that differs from this one by these articles; the two share the rest."""
        other = copy.copy(self)
        other._replacing = threading.Lock()
        other.change(changed)
        return other

    def read_terms(self, terms: Sequence[Term]) -> None:
        """Read questions with these terms from now on, instead of those of before."""
        self._reader = TermReader(terms)

    def uses(self, words: str) -> bool:
        """Whether some passage, or what leads to it, has all these words (in whatever order)."""
        index = self._index
        return index is not None and any(one.segment.lexical.has_all(words) for one in index.live)

    @property
    def is_scattered(self) -> bool:
        """Whether so much was changed that `tidy` is worth its time."""
        return self._index is not None and is_scattered(self._index)

    def tidy(self) -> None:
        """Put together what changes have scattered; searches go on meanwhile, changes wait."""
        with self._replacing:
            if self._index is not None and is_scattered(self._index):
                self._index = tidy_index(self._index, self._source)

    @property
    def passage_count(self) -> int:
        """How many passages are searched."""
        return 0 if self._index is None else self._index.passage_count

    @property
    def live(self) -> tuple[Live, ...]:
        """The segments that are searched."""
        return () if self._index is None else self._index.live

    @cached_property
    def _source(self) -> Source:
        background = load_background(encode=self._encode, kept=self._kept, encoder=self._encoder)
        return Source(self._encode, self._kept, self._encoder, background, self._indexes)

    def search(
        self,
        question: str,
        *,
        scope: Scope | None = None,
        limit: int = 5,
        now: datetime | None = None,
    ) -> Answer:
        """Rank the passages of the scope for the question, best first, at most `limit`.

        Articles outside the scope, or no longer valid at `now`, are left out before ranking.
        `answerable` is whether the first hit's score reaches `min_score`. A question with other
        ways to say a term is searched with the term put in as well; the better evidence counts.
        """
        index = self._index
        text = question[:_LONGEST_QUESTION].strip()
        if index is None or not any(character.isalnum() for character in text):
            return Answer((), answerable=False)
        scope = scope or Scope()
        allowed = index.allowed(scope, now)
        if not any(flags.any() for flags in allowed):
            return Answer((), answerable=False)
        reading = self._reader.read(text, brand_id=scope.brand_id)
        # As it was said as well: articles may have the customers' words, too.
        wordings = list(dict.fromkeys([normalise(text), reading.text]))
        found = [
            find_candidates(index, wording, encoded, allowed=allowed)
            for wording, encoded in zip(wordings, encode_texts(self._encode, wordings), strict=True)
        ]
        ranked = self._rank(index, best_of(found, self._fusion), limit)
        hits = tuple(fit_for_chat(hit, f"{text} {reading.text}") for hit in ranked)
        said = bool(hits) and hits[0].score >= self.min_score
        return Answer(hits, answerable=said, read=reading.read)

    def best_answer(
        self, question: str, *, scope: Scope | None = None, now: datetime | None = None
    ) -> Hit | None:
        """The passage to say, or None when the articles hold no answer."""
        answer = self.search(question, scope=scope, limit=1, now=now)
        return answer.hits[0] if answer.answerable else None

    def _rank(self, index: PassageIndex, candidates: Candidates, limit: int) -> tuple[Hit, ...]:
        values = self._fusion.rank_values(candidates)
        scores = self._fusion.probabilities(candidates, values)
        order = np.argsort(-values, kind="stable")[:limit]
        # The score must not contradict the rank, which the absolute features could make it do.
        ranked = np.minimum.accumulate(scores[order])
        lead = leads(values)
        return tuple(
            _hit(index, candidates, int(row), float(score), lead)
            for row, score in zip(order, ranked, strict=True)
        )


def _hit(index: PassageIndex, candidates: Candidates, row: int, score: float, lead: Floats) -> Hit:
    passage = index.passage(int(candidates.places[row]))
    why = {
        name: round(float(candidates.features[row, FEATURES.index(name)]), 4) for name in _EXPLAINED
    }
    return Hit(
        article_id=passage.article_id,
        title=passage.title,
        heading=passage.heading,
        heading_path=passage.heading_path,
        passage=passage.markdown,
        score=round(score, 4),
        why={**why, "lead": round(float(lead[row]), 4)},
    )
