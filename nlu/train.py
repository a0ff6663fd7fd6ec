"""Trains an understanding from examples, and measures it by cross-validation on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlu.folds import stratified_folds
from nlu.intent_names import name_examples
from nlu.intents import (
    SOFTNESS_FOR_NOISE,
    Floats,
    fit_temperature,
    probabilities,
    rarity,
)
from nlu.label_noise import choose_softness, find_doubts
from nlu.model import NluModel
from nlu.mood import MoodLexicon
from nlu.out_of_scope import PRIOR, ScopeJudge
from nlu.pipeline import Encode
from nlu.spelling import learn_spelling
from nlu.thresholds import confidence_thresholds
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE
from nlu.unseen import (
    Encoded,
    Learning,
    Progress,
    Unseen,
    cross_validate,
    encode_examples,
    judge_left_out,
)

_ENOUGH_CONTRAST = 20
_WORTH_ADDING = 0.001
_MOST_LEFT_OUT = 4000  # texts for the rehearsal with intents left out: more only takes longer


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and what its like said of its own examples when it had not seen them.

    `probabilities` has shape (examples, intents), `in_scope` (examples,): those of `unseen`.
    """

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
    everyday: Sequence[str] = (),
    titles: Mapping[str, Sequence[str]] | None = None,
    folds: int = 5,
    seed: int = 0,
    progress: Progress = lambda stage, done: None,
) -> Trained:
    """Train on examples of at least two intents with two different texts each.

    Probabilities are calibrated on `folds` classifiers, each of which leaves a part of the
    examples out; the same parts give the scores that `Trained` carries. `language` are words in
    Latin letters that are right although no example has them; without them none is mended.
    `precision` is how often an intent must be right from its own `sure_from` on
    (`nlu.thresholds`); None asks for nothing. `everyday` is what people write to anybody, in any
    language: strangers for those who have no contrast examples of their own. `titles` are what
    people are shown for an intent's name, which teach as the name does (`nlu.intent_names`).
    """
    encoded = encode_examples(examples, encode, progress=progress)
    learning = _begin(encoded, encode, everyday=everyday, titles=titles)
    learning, unseen = rehearse(encoded, learning, folds=folds, seed=seed, progress=progress)
    own, truth = encoded.own, unseen.truth(encoded)
    rare, temperature = _calibrate(unseen.margins[own], truth, learning, own)
    unseen = replace(unseen, margins=unseen.margins + rare)
    found = probabilities(unseen.margins, temperature=temperature)
    strangers = (
        None
        if learning.taught
        else _rehearse_strangers(encoded, unseen, learning=learning, seed=seed)
    )
    model = NluModel(
        *learning.learn(encoded),
        _judge(unseen.evidence, own, strangers),
        temperature,
        rare,
        mood,
        speller=learn_spelling(encoded.texts, language=language),
        thresholds=()
        if precision is None
        else confidence_thresholds(found[own], truth, precision=precision),
    )
    progress("final", 1.0)
    own_fold = stratified_folds(encoded.labels, folds=folds, seed=seed)
    in_scope = _unseen_in_scope(unseen.evidence, own_fold, own, strangers)
    return Trained(model, encoded, unseen, found, in_scope)


def rehearse(
    encoded: Encoded,
    learning: Learning,
    *,
    folds: int = 5,
    seed: int = 0,
    progress: Progress = lambda stage, done: None,
) -> tuple[Learning, Unseen]:
    """How to learn from the examples, and what is said of each by one that learnt from others.

    Where many labels are wrong, those that seem so are found twice: better without the first. What
    is said the second time knows a little of each example all the same: which other labels seemed
    wrong was found by classifiers that had learnt from it.
    """
    learning = replace(learning, softness=choose_softness(encoded, seed=seed))
    noisy = learning.softness == SOFTNESS_FOR_NOISE
    passes = 2 if noisy else 1

    def turn(number: int) -> Unseen:
        return cross_validate(
            encoded,
            learning=learning,
            folds=folds,
            seed=seed,
            progress=lambda stage, done: progress(stage, (number + done) / passes),
        )

    unseen = turn(0)
    if noisy:
        learning = replace(learning, doubts=find_doubts(encoded, unseen))
        unseen = turn(1)
        learning = replace(learning, doubts=find_doubts(encoded, unseen))
    return learning, unseen


def _begin(
    encoded: Encoded,
    encode: Encode,
    *,
    everyday: Sequence[str],
    titles: Mapping[str, Sequence[str]] | None,
) -> Learning:
    """What is learnt from beside the examples; `everyday` only where these have too little contrast
    to teach what evidence weighs."""
    taught = int((~encoded.own).sum()) >= _ENOUGH_CONTRAST
    strange = [] if taught else [Example(text, OUT_OF_SCOPE) for text in everyday]
    return Learning(
        everyday=_encode_any(strange, encode),
        taught=taught,
        names=_encode_any(name_examples(encoded.labels, titles), encode),
    )


def _encode_any(examples: Sequence[Example], encode: Encode) -> Encoded | None:
    found = encode_examples(examples, encode)
    return found if found.texts else None


def _calibrate(
    margins: Floats, truth: NDArray[np.int64], learning: Learning, own: NDArray[np.bool_]
) -> tuple[Floats, float]:
    """What rare intents get added, and the temperature of the margins after that.

    Nothing is added where that is not right more often, as with intents that are equally frequent.
    """
    noisy = learning.doubts is not None
    sure = truth if learning.doubts is None else truth[~learning.doubts.doubtful[own]]
    temperature = fit_temperature(margins, truth, noisy=noisy)
    rare = rarity(sure, intents=margins.shape[1], temperature=temperature)
    gain = _accuracy(margins + rare, truth) - _accuracy(margins, truth)
    if gain <= _WORTH_ADDING:
        return np.zeros_like(rare), temperature
    return rare, fit_temperature(margins + rare, truth, noisy=noisy)


def _accuracy(margins: Floats, truth: NDArray[np.int64]) -> float:
    return float((margins.argmax(axis=1) == truth).mean())


def _rehearse_strangers(
    encoded: Encoded, unseen: Unseen, *, learning: Learning, seed: int
) -> Floats:
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
        _, evidence = judge_left_out(encoded, learn, rows, unseen.intents, learning=learning)
        found.append(evidence)
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
