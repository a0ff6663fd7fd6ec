"""Examples ready for learning, and what classifiers say of those that they did not learn from."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlu.folds import stratified_folds
from nlu.intents import SOFTNESS, Floats, IntentClassifier, middle, seen_from
from nlu.out_of_scope import EVIDENCE, ScopeEvidence, foreign
from nlu.pipeline import Encode, shorten
from nlu.text import gist
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE

Progress = Callable[[str, float], None]
"""Called with the name of the stage and the share of it that is done, in [0, 1]."""

_BATCH: Final = 512  # more than the encoder remembers: training must not push out live sentences
_FOLDS_AT_ONCE: Final = 4
_UNKNOWN: Final = -2.0  # the margin of an intent that nothing was learnt of


@dataclass(frozen=True, slots=True)
class Encoded:
    """Examples ready for learning: normal forms, vectors (texts, dimension) and labels."""

    texts: tuple[str, ...]
    vectors: Floats
    labels: tuple[str, ...]

    def take(self, rows: NDArray[np.int64]) -> Encoded:
        """The examples at these rows."""
        return Encoded(
            tuple(self.texts[i] for i in rows),
            self.vectors[rows],
            tuple(self.labels[i] for i in rows),
        )

    def joined(self, other: Encoded) -> Encoded:
        """These examples, then the others."""
        return Encoded(
            self.texts + other.texts,
            np.vstack([self.vectors, other.vectors]),
            self.labels + other.labels,
        )

    @property
    def own(self) -> NDArray[np.bool_]:
        """Which examples are of a trained intent and not of contrast."""
        return np.array([label != OUT_OF_SCOPE for label in self.labels], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Doubts:
    """What classifiers that had not seen the examples say of their labels, both in their order.

    `doubtful` is which labels are probably wrong; `beliefs` is one divided by the place that each
    label has among all intents. A contrast example is never doubted.
    """

    doubtful: NDArray[np.bool_]
    beliefs: Floats

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Doubts:
        """Those of the examples at these rows."""
        return Doubts(self.doubtful[rows], self.beliefs[rows])


@dataclass(frozen=True, slots=True)
class Learning:
    """How classifiers learn from one set of examples.

    `doubts` says how far the label of each example is to be believed (`nlu.label_noise`), None
    where all are. `everyday` is what people write to anybody, strangers as far as they are foreign
    here; without it, only contrast examples are. `taught` is whether there are enough of these to
    teach what evidence weighs. `names` is what intents are called, more examples for the classifier
    (`nlu.intent_names`); evidence is what people wrote alone.
    """

    softness: float = SOFTNESS
    doubts: Doubts | None = None
    everyday: Encoded | None = None
    names: Encoded | None = None
    taught: bool = False

    def learn(
        self, encoded: Encoded, rows: NDArray[np.int64] | None = None
    ) -> tuple[IntentClassifier, ScopeEvidence]:
        """Learn from these rows of the examples, or from all."""
        seen = encoded if rows is None else encoded.take(rows)
        doubts = self.doubts if self.doubts is None or rows is None else self.doubts.take(rows)
        strange: Encoded | None = None
        if self.everyday is not None:
            doubts = None if doubts is None else doubts.take(seen.own)
            seen, strange = _part(seen, self.everyday)
        told = self._with_names(seen)
        classifier = IntentClassifier(softness=self.softness).fit(
            told.texts,
            told.vectors,
            told.labels,
            doubtful=_pad(doubts, len(told.texts)),
            strangers=(strange.texts, strange.vectors) if strange and strange.texts else None,
        )
        both = seen if strange is None else seen.joined(strange)
        evidence = ScopeEvidence().fit(
            classifier,
            both.texts,
            both.vectors,
            both.labels,
            beliefs=None if doubts is None else doubts.beliefs[seen.own],
            taught=self.taught,
        )
        return classifier, evidence

    def _with_names(self, seen: Encoded) -> Encoded:
        """The examples and what their intents are called; of an intent without examples nothing
        may be known."""
        if self.names is None:
            return seen
        learnt = np.isin(self.names.labels, sorted(set(seen.labels)))
        return seen.joined(self.names.take(np.flatnonzero(learnt)))


def _pad(doubts: Doubts | None, texts: int) -> NDArray[np.bool_] | None:
    """Which of so many texts are doubtful; those beyond the examples are not."""
    return None if doubts is None else np.pad(doubts.doubtful, (0, texts - len(doubts.doubtful)))


def _part(seen: Encoded, everyday: Encoded) -> tuple[Encoded, Encoded]:
    """The examples of intents; and the others, with what is foreign to the former of what people
    write to anybody."""
    own = seen.take(np.flatnonzero(seen.own))
    centre = middle(own.vectors)
    is_foreign = foreign(seen_from(centre, own.vectors), seen_from(centre, everyday.vectors))
    strange = everyday.take(np.flatnonzero(is_foreign))
    return own, strange.joined(seen.take(np.flatnonzero(~seen.own)))


PLAIN: Final = Learning()
"""Labels are to be believed and no strangers are known."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What classifiers said of examples that they had not learnt from.

    `margins` has shape (examples, intents) with the columns `intents`; `evidence` has shape
    (examples, len(EVIDENCE)); both in the order of the examples.
    """

    intents: tuple[str, ...]
    margins: Floats
    evidence: Floats

    def truth(self, encoded: Encoded) -> NDArray[np.int64]:
        """The column of each label in `margins`, for the examples that are no contrast."""
        columns = {name: i for i, name in enumerate(self.intents)}
        own = np.flatnonzero(encoded.own)
        return np.array([columns[encoded.labels[i]] for i in own], np.int64)


def encode_examples(
    examples: Sequence[Example],
    encode: Encode,
    *,
    read: Callable[[str], str] = gist,
    progress: Progress = lambda stage, done: None,
) -> Encoded:
    """What is read in the examples and its vectors; those without a visible character are left out.

    A trained model reads with its own `read`, which mends spelling.
    """
    kept = [(read(shorten(e.text)), e.intent) for e in examples]
    kept = [(text, label) for text, label in kept if text]
    texts = tuple(text for text, _ in kept)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # equal lengths pad less
    vectors: Floats | None = None
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        part = encode([texts[i] for i in rows])
        if vectors is None:
            vectors = np.empty((len(texts), part.shape[1]), np.float32)
        vectors[rows] = part
        progress("encode", min(1.0, (start + _BATCH) / len(order)))
    if vectors is None:
        vectors = np.zeros((0, 0), np.float32)
    return Encoded(texts, vectors, tuple(label for _, label in kept))


def cross_validate(
    encoded: Encoded,
    *,
    learning: Learning = PLAIN,
    folds: int = 5,
    seed: int = 0,
    progress: Progress = lambda stage, done: None,
) -> Unseen:
    """What is said of each example by a classifier that learnt from the other folds."""
    intents = tuple(sorted({label for label in encoded.labels if label != OUT_OF_SCOPE}))
    margins = np.full((len(encoded.texts), len(intents)), _UNKNOWN, np.float32)
    evidence = np.zeros((len(encoded.texts), len(EVIDENCE)), np.float32)
    own_fold = stratified_folds(encoded.labels, folds=folds, seed=seed)

    def judge(fold: int) -> None:
        rows = np.flatnonzero(own_fold == fold)
        if len(rows):
            learn = np.flatnonzero(own_fold != fold)
            margins[rows], evidence[rows] = judge_left_out(
                encoded, learn, rows, intents, learning=learning
            )

    # The machine learns outside Python's lock; more at once would cost memory above all.
    with ThreadPoolExecutor(min(_FOLDS_AT_ONCE, os.cpu_count() or 1)) as pool:
        for done, _ in enumerate(pool.map(judge, range(folds)), start=1):
            progress("cross-validate", done / folds)
    return Unseen(intents, margins, evidence)


def judge_left_out(
    encoded: Encoded,
    learn: NDArray[np.int64],
    rows: NDArray[np.int64],
    intents: Sequence[str],
    *,
    learning: Learning,
) -> tuple[Floats, Floats]:
    """What is said of `rows` by those who learnt from the rows `learn`: margins of shape (rows,
    intents) and evidence of shape (rows, len(EVIDENCE))."""
    unseen = encoded.take(rows)
    classifier, judged = learning.learn(encoded, learn)
    found = classifier.margins(unseen.texts, unseen.vectors)
    evidence = judged.measure(classifier, unseen.texts, unseen.vectors, found)
    # An intent with one example may be missing, contrast always is.
    margins = np.full((len(rows), len(intents)), _UNKNOWN, np.float32)
    places = {name: i for i, name in enumerate(intents)}
    for column, name in enumerate(classifier.classes_):
        if name in places:
            margins[:, places[name]] = found[:, column]
    return margins, evidence
