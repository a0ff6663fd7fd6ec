"""Training and test texts of every pack: written apart, so that a test measures understanding."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.formats import read_training_data
from nlu.text import bare

ROOT = Path(__file__).parent.parent / "training_data"
TESTED = sorted(path.parent.name for path in ROOT.glob("*/test"))


def shared(learnt: Path, tested: Path) -> list[str]:
    """The test texts that are in training, too, punctuation aside."""
    known = {bare(example.text) for example in read_training_data([learnt]).examples}
    return [e.text for e in read_training_data([tested]).examples if bare(e.text) in known]


def test_there_are_packs_with_tests() -> None:
    assert {"ecommerce", "education", "finance", "saas"} <= set(TESTED)


@pytest.mark.parametrize("pack", TESTED)
def test_no_pack_learns_a_text_that_it_is_tested_on(pack: str) -> None:
    assert shared(ROOT / pack, ROOT / pack / "test") == []


@pytest.mark.parametrize("pack", TESTED)
def test_what_all_packs_share_holds_no_test_text_of_any(pack: str) -> None:
    assert shared(ROOT / "common" / "nlu", ROOT / pack / "test") == []


def test_no_feeling_is_learnt_from_a_text_that_it_is_tested_on() -> None:
    assert (
        shared(ROOT / "common" / "mood" / "train.yml", ROOT / "common" / "mood" / "test.yml") == []
    )
