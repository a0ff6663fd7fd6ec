"""Trains an understanding from examples, and measures it by cross-validation on the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.folds import stratified_folds
from nlu.intents import (
    SOFTNESS,
    SOFTNESS_FOR_NOISE,
    Floats,
    IntentClassifier,
    fit_temperature,
    probabilities,
)
from nlu.model import NluModel
from nlu.mood import MoodLexicon
from nlu.out_of_scope import EVIDENCE, PRIOR, ScopeEvidence, ScopeJudge
from nlu.pipeline import Encode, shorten
from nlu.spelling import learn_spelling
from nlu.text import gist
from nlu.thresholds import confidence_thresholds
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE

Progress = Callable[[str, float], None]
"""Called with the name of the stage and the share of it that is done, in [0, 1]."""

_BATCH = 512  # more than the encoder remembers: training must not push out live sentences
_FOLDS_AT_ONCE = 4
_ENOUGH_CONTRAST = 20
_ENOUGH_TO_CHOOSE = 200  # texts left out: fewer cannot tell two softnesses apart
_CLEARLY_BETTER = 0.01
_MOST_LEFT_OUT = 4000  # texts for the rehearsal with intents left out: more only takes longer


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

    @property
    def own(self) -> NDArray[np.bool_]:
        """Which examples are of a trained intent and not of contrast."""
        return np.array([label != OUT_OF_SCOPE for label in self.labels], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Unseen:
    """What classifiers said of examples that they had not learnt from.

    `margins` has shape (examples, intents) with the columns `intents`; `evidence` has shape
    (examples, len(EVIDENCE)); both in the order of the examples.
    """

    intents: tuple[str, ...]
    margins: Floats
    evidence: Floats

    def best(self) -> tuple[str, ...]:
        """The best intent for each example."""
        return tuple(self.intents[i] for i in self.margins.argmax(axis=1))


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and what its like said of its own examples when it had not seen them."""

    model: NluModel
    encoded: Encoded
    unseen: Unseen
    probabilities: Floats
    in_scope: Floats


def train(
    examples: Sequence[Example],
    encode: Encode,
    *,
    mood: MoodLexicon | None = None,
    language: Collection[str] = (),
    precision: float | None = None,
    folds: int = 5,
    seed: int = 0,
    progress: Progress = lambda stage, done: None,
) -> Trained:
    """Train on examples of at least two intents with two different texts each.

    Probabilities are calibrated on `folds` classifiers, each of which leaves a part of the
    examples out; the same parts give the scores that `Trained` carries. `language` are words in
    Latin letters that are right although no example has them; without them none is mended.
    `precision` is how often an intent must be right from its own `sure_from` on
    (`nlu.thresholds`); None asks for nothing.
    """
    encoded = encode_examples(examples, encode, progress=progress)
    softness = _choose_softness(encoded, seed=seed)
    unseen = cross_validate(encoded, softness=softness, folds=folds, seed=seed, progress=progress)
    own = encoded.own
    columns = {name: i for i, name in enumerate(unseen.intents)}
    truth = np.array([columns[encoded.labels[i]] for i in np.flatnonzero(own)])
    temperature = fit_temperature(unseen.margins[own], truth, noisy=softness == SOFTNESS_FOR_NOISE)
    unseen_probabilities = probabilities(unseen.margins, temperature=temperature)
    thresholds = (
        confidence_thresholds(unseen_probabilities[own], truth, precision=precision)
        if precision is not None
        else ()
    )
    contrast = int((~own).sum()) >= _ENOUGH_CONTRAST
    strangers = (
        None if contrast else _rehearse_strangers(encoded, unseen, softness=softness, seed=seed)
    )
    judge = _judge(unseen.evidence, own, strangers)
    classifier = IntentClassifier(softness=softness).fit(
        encoded.texts, encoded.vectors, encoded.labels
    )
    evidence = ScopeEvidence().fit(classifier, encoded.vectors, encoded.labels)
    speller = learn_spelling(encoded.texts, language=language)
    progress("final", 1.0)
    return Trained(
        model=NluModel(
            classifier,
            evidence,
            judge,
            temperature,
            mood,
            speller=speller,
            thresholds=thresholds,
        ),
        encoded=encoded,
        unseen=unseen,
        probabilities=unseen_probabilities,
        in_scope=_unseen_in_scope(
            unseen.evidence,
            stratified_folds(encoded.labels, folds=folds, seed=seed),
            own,
            strangers,
        ),
    )


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
    softness: float = SOFTNESS,
    folds: int = 5,
    seed: int = 0,
    progress: Progress = lambda stage, done: None,
) -> Unseen:
    """What is said of each example by a classifier that learnt from the other folds."""
    intents = tuple(sorted({label for label in encoded.labels if label != OUT_OF_SCOPE}))
    margins = np.full((len(encoded.texts), len(intents)), -2.0, np.float32)
    evidence = np.zeros((len(encoded.texts), len(EVIDENCE)), np.float32)
    own_fold = stratified_folds(encoded.labels, folds=folds, seed=seed)

    def judge(fold: int) -> None:
        rows = np.flatnonzero(own_fold == fold)
        if len(rows):
            learn = np.flatnonzero(own_fold != fold)
            _leave_out(encoded, learn, rows, intents, margins, evidence, softness=softness)

    # The machine learns outside Python's lock; more at once would cost memory above all.
    with ThreadPoolExecutor(min(_FOLDS_AT_ONCE, os.cpu_count() or 1)) as pool:
        for done, _ in enumerate(pool.map(judge, range(folds)), start=1):
            progress("cross-validate", done / folds)
    return Unseen(intents, margins, evidence)


def _leave_out(
    encoded: Encoded,
    learn: NDArray[np.int64],
    rows: NDArray[np.int64],
    intents: Sequence[str],
    margins: Floats,
    evidence: Floats,
    *,
    softness: float,
) -> None:
    """Learn from some examples, and fill in what is then said of `rows`."""
    seen, unseen = encoded.take(learn), encoded.take(rows)
    classifier = IntentClassifier(softness=softness).fit(seen.texts, seen.vectors, seen.labels)
    found = classifier.margins(unseen.texts, unseen.vectors)
    judged = ScopeEvidence().fit(classifier, seen.vectors, seen.labels)
    evidence[rows] = judged.measure(classifier, unseen.texts, unseen.vectors, found)
    places = {name: i for i, name in enumerate(intents)}
    for column, name in enumerate(classifier.classes_):
        if name in places:  # an intent with one example may be missing, contrast always is
            margins[rows, places[name]] = found[:, column]


def _choose_softness(encoded: Encoded, *, seed: int) -> float:
    """Much softer where many labels are wrong: when that is clearly right more often.

    Judged on one fold that is left out; a machine that may ignore examples learns less from the
    wrong ones.
    """
    held = stratified_folds(encoded.labels, folds=5, seed=seed) == 0
    learn, rest = encoded.take(np.flatnonzero(~held)), encoded.take(np.flatnonzero(held))
    if len(set(learn.labels)) < 2 or len(rest.labels) < _ENOUGH_TO_CHOOSE:
        return SOFTNESS

    def accuracy(softness: float) -> float:
        classifier = IntentClassifier(softness=softness)
        classifier.fit(learn.texts, learn.vectors, learn.labels)
        found = classifier.margins(rest.texts, rest.vectors).argmax(axis=1)
        return float(
            np.mean([classifier.classes_[i] == y for i, y in zip(found, rest.labels, strict=True)])
        )

    with ThreadPoolExecutor(2) as pool:
        usual, softer = pool.map(accuracy, (SOFTNESS, SOFTNESS_FOR_NOISE))
    return SOFTNESS_FOR_NOISE if softer > usual + _CLEARLY_BETTER else SOFTNESS


def _rehearse_strangers(encoded: Encoded, unseen: Unseen, *, softness: float, seed: int) -> Floats:
    """Evidence on texts whose intent was left out of training: strangers without examples."""
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.array(unseen.intents, dtype=object))
    labels = np.array(encoded.labels, dtype=object)
    found: list[Floats] = []
    for group in range(3):
        held = np.isin(labels.astype(str), [str(name) for name in names[group::3]])
        learn = rng.permutation(np.flatnonzero(~held))[:_MOST_LEFT_OUT]
        rows = np.flatnonzero(held & encoded.own)[:_MOST_LEFT_OUT]
        if len({encoded.labels[i] for i in learn}) < 2 or not len(rows):
            continue
        evidence = np.zeros((len(encoded.texts), len(EVIDENCE)), np.float32)
        margins = np.zeros((len(encoded.texts), len(unseen.intents)), np.float32)
        _leave_out(encoded, learn, rows, unseen.intents, margins, evidence, softness=softness)
        found.append(evidence[rows])
    if not found:  # two or three intents: whoever is three deviations worse counts as a stranger
        found = [unseen.evidence - 3 * unseen.evidence.std(axis=0) * (PRIOR > 0)]
    return np.concatenate(found)


def _judge(evidence: Floats, own: NDArray[np.bool_], strangers: Floats | None) -> ScopeJudge:
    if strangers is None:
        return ScopeJudge().fit(evidence, own, contrast=True)
    both = np.concatenate([evidence, strangers])
    return ScopeJudge().fit(both, np.r_[own, np.zeros(len(strangers), np.bool_)], contrast=False)


def _unseen_in_scope(
    evidence: Floats,
    own_fold: NDArray[np.int32],
    own: NDArray[np.bool_],
    strangers: Floats | None,
) -> Floats:
    """The probability of being in scope, judged by those who learnt from the other folds."""
    result = np.empty(len(evidence), np.float32)
    for fold in np.unique(own_fold):
        rest = own_fold != fold
        result[~rest] = _judge(evidence[rest], own[rest], strangers).in_scope(evidence[~rest])
    return result
