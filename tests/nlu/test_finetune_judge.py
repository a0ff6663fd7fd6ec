"""A fine-tuned encoder is taken only when it wins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlu.encoder import Encoder
from nlu.finetune_data import prepare
from nlu.finetune_judge import HeldOut, compare, judge_encoders
from tests.nlu.toy import EXAMPLES, toy_encode

BEFORE = HeldOut(
    texts=100, accuracy=0.9, accuracy_mistyped=0.8, calibration_error=0.03, auroc=0.95, search=0.9
)


@pytest.mark.parametrize(
    ("accuracy", "mistyped"), [(0.92, 0.8), (0.9, 0.82), (0.93, 0.79)], ids=str
)
def test_more_right_answers_win(accuracy: float, mistyped: float) -> None:
    assert compare(BEFORE, replace(BEFORE, accuracy=accuracy, accuracy_mistyped=mistyped)).accepted


def test_a_tie_is_no_win() -> None:
    assert not compare(BEFORE, BEFORE).accepted


def test_the_reason_says_by_how_much_it_lost() -> None:
    verdict = compare(BEFORE, replace(BEFORE, accuracy=0.88, accuracy_mistyped=0.9))
    assert verdict.reasons == ("accuracy is 0.8800 with it, 0.9000 without (-0.0200)",)


@pytest.mark.parametrize(("figure", "said"), [("auroc", "out of scope"), ("search", "knowledge")])
def test_what_else_falls_noticeably_loses(figure: str, said: str) -> None:
    better = replace(BEFORE, accuracy=0.95)
    assert compare(BEFORE, replace(better, **{figure: getattr(BEFORE, figure) - 0.001})).accepted
    verdict = compare(BEFORE, replace(better, **{figure: 0.85}))
    assert [said in reason for reason in verdict.reasons] == [True]


def test_confidence_that_means_less_loses() -> None:
    better = replace(BEFORE, accuracy=0.95)
    assert compare(BEFORE, replace(better, calibration_error=0.05)).accepted
    verdict = compare(BEFORE, replace(better, calibration_error=0.08))
    assert verdict.reasons == ("the calibration error is 0.0800 with it, 0.0300 without (+0.0500)",)


def test_what_cannot_be_measured_does_not_count() -> None:
    unmeasured = replace(BEFORE, auroc=None, search=None)
    assert compare(unmeasured, replace(unmeasured, accuracy=0.91)).accepted


def encoder(search_fingerprint: str) -> Encoder:
    return Encoder(
        lambda texts: list(toy_encode(texts)),
        lambda texts: [],
        dimension=48,
        feature_dimension=48,
        fingerprint="toy",
        search_fingerprint=search_fingerprint,
    )


@pytest.mark.parametrize(
    ("searches", "measured"), [(("same", "same"), [0.9]), (("earlier", "later"), [0.9, 0.5])]
)
def test_knowledge_is_searched_once_for_encoders_that_search_alike(
    searches: tuple[str, str], measured: list[float]
) -> None:
    left = [0.9, 0.5]
    verdict = judge_encoders(
        encoder(searches[0]),
        encoder(searches[1]),
        prepare(EXAMPLES, held_out=0.4),
        search=lambda _: left.pop(0),
    )
    assert [0.9, 0.5][: 2 - len(left)] == measured
    assert (verdict.before.search, verdict.after.search) == (measured[0], measured[-1])
