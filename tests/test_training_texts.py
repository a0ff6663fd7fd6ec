"""Training and test texts of every pack: written apart, so that a test measures understanding."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from nlu.formats import read_training_data
from nlu.text import bare

ROOT = Path(__file__).parent.parent / "training_data"
TRADES = sorted((ROOT / "adaptation").glob("*.yml"))
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


@pytest.mark.parametrize("pack", TESTED)
def test_the_encoder_learns_no_text_that_a_pack_is_tested_on(pack: str) -> None:
    assert shared(ROOT / "adaptation", ROOT / pack / "test") == []


@pytest.mark.skipif(
    "JIEDAI_EVAL_DATA" not in os.environ, reason="JIEDAI_EVAL_DATA names no public data sets"
)
def test_the_encoder_learns_no_text_that_a_public_set_is_tested_on() -> None:
    files = Path(os.environ["JIEDAI_EVAL_DATA"]).glob("*/*test.tsv")
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    tested = {bare(line.split("\t")[0]) for line in lines}
    learnt = {bare(e.text) for e in read_training_data([ROOT / "adaptation"]).examples}
    assert tested
    assert tested & learnt == set()


@pytest.mark.parametrize("file", TRADES, ids=lambda file: file.stem)
def test_the_encoder_learns_of_no_text_that_it_means_two_things(file: Path) -> None:
    examples = read_training_data([file]).examples
    texts = Counter(bare(example.text) for example in examples)
    assert len({example.intent for example in examples}) >= 30
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_feeling_is_learnt_from_a_text_that_it_is_tested_on() -> None:
    assert (
        shared(ROOT / "common" / "mood" / "train.yml", ROOT / "common" / "mood" / "test.yml") == []
    )
