"""Trains an understanding from examples, and measures it by cross-validation on the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from nlu.pipeline import Encode
from nlu.spelling import learn_spelling
from nlu.thresholds import confidence_thresholds
from nlu.training_data import Example
from nlu.unseen import Encoded, Progress, Unseen, cross_validate, encode_examples, leave_out

_ENOUGH_CONTRAST = 20
_ENOUGH_TO_CHOOSE = 200  # texts left out: fewer cannot tell two softnesses apart
_CLEARLY_BETTER = 0.01
_MOST_LEFT_OUT = 4000  # texts for the rehearsal with intents left out: more only takes longer


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
        leave_out(encoded, learn, rows, unseen.intents, margins, evidence, softness=softness)
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
