"""Features kept between trainings: nothing is encoded twice, and a bad file does no harm."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nlu.encoder_network import Vectors
from nlu.kept_features import kept_features
from tests.nlu.toy import toy_encode


class Counting:
    """The toy encoder, and which texts it was given."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return toy_encode(texts)


def test_a_text_is_encoded_once_and_gives_the_same_features_again(tmp_path: Path) -> None:
    file = tmp_path / "features.npz"
    encode = Counting()
    with kept_features(encode, file) as features:
        first = features(["退货", "发票", "退货"])
    with kept_features(encode, file) as features:
        second = features(["退货", "物流", "退货"])
    assert encode.asked == ["退货", "发票", "物流"]
    np.testing.assert_array_equal(first, toy_encode(["退货", "发票", "退货"]))
    np.testing.assert_array_equal(second, toy_encode(["退货", "物流", "退货"]))


def test_no_texts_have_no_features(tmp_path: Path) -> None:
    with kept_features(toy_encode, tmp_path / "features.npz") as features:
        assert features([]).shape == toy_encode([]).shape
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no archive"])
def test_a_file_that_cannot_be_read_is_made_anew(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "features.npz"
    file.write_bytes(content)
    with kept_features(toy_encode, file) as features:
        features(["退货"])
    encode = Counting()
    with kept_features(encode, file) as features:
        features(["退货"])
    assert encode.asked == []


def test_what_was_used_last_is_kept_when_there_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nlu.kept_features.MOST_KEPT", 2)
    file = tmp_path / "features.npz"
    for texts in (["一", "二"], ["三", "二"]):
        with kept_features(toy_encode, file) as features:
            features(texts)
    encode = Counting()
    with kept_features(encode, file) as features:
        features(["一", "二", "三"])
    assert encode.asked == ["一"]


def test_what_a_killed_process_left_is_cleared_and_the_rest_is_not(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = tmp_path / f"features.npz.{gone.pid}.new"
    others = [tmp_path / name for name in (f"features.npz.{os.getppid()}.new", "other.npz.1.new")]
    for path in (left, *others):
        path.write_bytes(b"half")
    with kept_features(toy_encode, tmp_path / "features.npz") as features:
        features(["退货"])
    assert not left.exists()
    assert all(path.exists() for path in others)


def test_a_place_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with kept_features(toy_encode, tmp_path / "file" / "features.npz") as features:
        assert len(features(["退货"])) == 1
