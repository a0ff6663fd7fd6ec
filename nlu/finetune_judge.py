"""Whether a fine-tuned encoder is better than the present one, on texts that it never saw."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nlu.encoder import Encoder
from nlu.evaluate import judge_examples, measure
from nlu.finetune_data import Material, spoil
from nlu.text import canonical
from nlu.train import train
from nlu.training_data import Example
from nlu.unseen import Progress

_MOST_LOST: Final = 0.005
"""So much may out of scope, search and calibration be worse by, which is noise."""

_WELL_CALIBRATED: Final = 0.05
"""A calibration error up to this does no harm, even where it was smaller before."""


Search = Callable[[Encoder], float | None]
"""A measure of how well knowledge is found with an encoder, in [0, 1]; None: there is no test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """What a classifier makes of held-out texts with one encoder, all in [0, 1].

    `accuracy` is of the texts as they are, `accuracy_mistyped` with one slip of typing each.
    `auroc` tells texts out of scope apart (None without such examples). `search` is given by the
    caller: a measure of finding knowledge, or None.
    """

    texts: int
    accuracy: float
    accuracy_mistyped: float
    calibration_error: float
    auroc: float | None = None
    search: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both encoders' figures, and the reasons why the trained one is not taken, if any."""

    before: HeldOut
    after: HeldOut
    reasons: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Whether the trained encoder won."""
        return not self.reasons


def judge_encoders(
    present: Encoder,
    trained: Encoder,
    material: Material,
    *,
    search: Search,
    everyday: Sequence[str] = (),
    progress: Progress = lambda stage, done: None,
) -> Verdict:
    """Measure both encoders on the same texts and compare them.

    Search is measured once for encoders that search alike. `progress` is called with `judge`.
    """
    found = search(present)
    before = measure_encoder(present, material, search=found, everyday=everyday)
    progress("judge", 0.5)
    if trained.search_fingerprint != present.search_fingerprint:
        found = search(trained)
    after = measure_encoder(trained, material, search=found, everyday=everyday)
    progress("judge", 1.0)
    return compare(before, after)


def measure_encoder(
    encoder: Encoder,
    material: Material,
    *,
    search: float | None = None,
    everyday: Sequence[str] = (),
) -> HeldOut:
    """Train an understanding on the learnt part, and ask it about the held-out one.

    `everyday` is what people write to anybody (`nlu.train.train`).
    """
    model = train(
        material.learn, encoder.features, language=encoder.words(), everyday=everyday
    ).model
    metrics = measure(judge_examples(model, material.held, encoder.features))
    own = [example for example in material.held if not example.is_contrast]
    mistyped = measure(judge_examples(model, _mistyped(own), encoder.features))
    return HeldOut(
        texts=metrics.examples,
        accuracy=metrics.accuracy,
        accuracy_mistyped=mistyped.accuracy,
        calibration_error=metrics.calibration_error,
        auroc=metrics.auroc,
        search=search,
    )


def compare(before: HeldOut, after: HeldOut) -> Verdict:
    """The trained encoder wins when both accuracies together rose and nothing fell noticeably."""
    reasons = []
    gain = after.accuracy - before.accuracy + after.accuracy_mistyped - before.accuracy_mistyped
    if after.accuracy < before.accuracy:
        reasons.append(_changed("accuracy", before.accuracy, after.accuracy))
    elif gain <= 0:
        old, new = before.accuracy_mistyped, after.accuracy_mistyped
        reasons.append(_changed("accuracy of mistyped texts", old, new))
    for name, then, now in (
        ("AUROC of out of scope", before.auroc, after.auroc),
        ("the share of knowledge tests passed", before.search, after.search),
    ):
        if then is not None and now is not None and now < then - _MOST_LOST:
            reasons.append(_changed(name, then, now))
    if after.calibration_error > max(_WELL_CALIBRATED, before.calibration_error + _MOST_LOST):
        old, new = before.calibration_error, after.calibration_error
        reasons.append(_changed("the calibration error", old, new))
    return Verdict(before, after, tuple(reasons))


def _mistyped(examples: Sequence[Example]) -> tuple[Example, ...]:
    """The examples with one slip each, other ones than training drew."""
    chance = random.Random("held out")  # noqa: S311 - no secret
    return tuple(replace(e, text=spoil(canonical(e.text), chance)) for e in examples)


def _changed(name: str, old: float, new: float) -> str:
    return f"{name} is {new:.4f} with it, {old:.4f} without ({new - old:+.4f})"
