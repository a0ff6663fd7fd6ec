"""`jiedai train encoder`: real trainings of seconds, killed and continued, won and lost."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from nlu.artefact import load_model, read_manifest
from nlu.convert_encoder import put_in_place, write_encoder
from nlu.convert_weights import find_source, read_weights
from nlu.encoder import load_encoder
from nlu.encoder_manifest import TRAINING_FILE
from nlu.finetune import CHECKPOINT, workplace
from nlu.formats import read_training_data
from webapp.cli import main
from webapp.doctor import examine
from webapp.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
PACK = Path("training_data") / "ecommerce"
PROGRAM = "from webapp.cli import main; main()"

needs_extra = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="the extra `train` is not installed",
)
pytestmark = pytest.mark.usefixtures("at_home")


def train(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["train", "encoder", *(str(a) for a in arguments)])


@needs_extra
@pytest.mark.torch
@pytest.mark.timeout(900)  # three imports of torch, on a machine that may be busy
def test_a_killed_training_continues_and_what_does_not_win_is_refused(
    tmp_path: Path,
) -> None:
    out, data = tmp_path / "adapted", tmp_path / "data.tsv"
    data.write_text(easy_rows(), encoding="utf-8")
    command = f"--data {data} --out {out} --epochs 6 --threads 1".split()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "train", "encoder", *command],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(line)
            if line.startswith("Step 20 "):
                process.kill()
                break
        assert lines[-1].startswith("Step 20 "), "".join(lines)
    assert not out.exists()
    assert (tmp_path / ".adapted-training" / CHECKPOINT).is_file()

    result = train(*command)
    assert "Continuing after step 20 of " in result.stderr
    assert result.exit_code == 1
    assert "not better, the present one stays" in result.stderr
    assert list(tmp_path.iterdir()) == [data]


@needs_extra
@pytest.mark.torch
@pytest.mark.timeout(900)
def test_an_encoder_that_wins_takes_effect_with_an_understanding_of_its_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEDAI_DATA", str(folder))
    settings = Settings.from_env()
    spoilt_encoder(settings.tuned_encoder)
    before = load_encoder(settings.encoder_source).fingerprint

    (tmp_path / "pack" / "nlu").mkdir(parents=True)
    (tmp_path / "pack" / "wording").mkdir()
    rows = hard_rows(read_manifest(settings.nlu_model).labels)
    (tmp_path / "pack" / "nlu" / "data.tsv").write_text(rows, encoding="utf-8")
    for language, title in (("zh", "鎏金彩釉一"), ("en", "鎏金彩釉二")):
        titles = f"intents: {{greet: {title}}}\n"
        (tmp_path / "pack" / "wording" / f"{language}.yml").write_text(titles, encoding="utf-8")
    result = train("--data", tmp_path / "pack", "--epochs", "0.4", "--threads", "1")
    assert result.exit_code == 0, result.stderr
    encoder = load_encoder(settings.encoder_source)
    builtin = load_encoder(settings.builtin_encoder)
    assert len({before, encoder.fingerprint, builtin.fingerprint}) == 3
    model = load_model(settings.nlu_model, encoder=encoder.fingerprint)
    assert "鎏金彩釉" in model.classifier.ngrams_.vocabulary_  # titles teach here as elsewhere
    assert encoder.search_fingerprint == builtin.search_fingerprint
    assert np.array_equal(encoder.encode(["我要退货"]), builtin.encode(["我要退货"]))

    found = {finding.name: finding for finding in examine(settings)}
    assert "fine-tuned: accuracy on held-out texts" in found["encoder"].message
    assert [f.message for f in found.values() if not f.ok] == []
    assert [p.name for p in settings.models_folder.iterdir() if p.name.startswith(".")] == []


def test_the_missing_extra_is_named(
    small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)  # as if it were not installed
    result = train("--data", small_home / PACK, "--out", tmp_path / "adapted")
    assert result.exit_code == 1
    assert "pip install -e '.[train]'" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("你好\n在吗\n", "data.tsv:1"),
        ("你好\tgreet\n您好\tgreet\n", "two intents are needed"),
        ("你好\tgreet\n您好\tgreet\n再见\tbye\n拜拜\tbye\n", "too few to judge"),
    ],
    ids=["no labels", "one intent", "a handful"],
)
def test_data_that_cannot_be_used_is_refused(tmp_path: Path, rows: str, message: str) -> None:
    path = tmp_path / "data.tsv"
    path.write_text(rows, encoding="utf-8")
    result = train("--data", path, "--out", tmp_path / "adapted")
    assert result.exit_code == 2
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_data_without_the_bots_intents_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEDAI_DATA", str(folder))
    path = tmp_path / "data.tsv"
    path.write_text("你好\tgreet\n您好\tgreet\n谢谢\tthanks\n多谢\tthanks\n", encoding="utf-8")
    result = train("--data", path)
    assert result.exit_code == 2
    assert (
        "DATA lacks intents that the bot's present understanding knows (request_human)"
        in result.stderr
    )


def test_another_encoder_that_was_set_is_not_trained_over(
    folder: Path, small_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEDAI_DATA", str(folder))
    monkeypatch.setenv("JIEDAI_ENCODER", "some/model")
    result = train("--data", small_home / PACK)
    assert result.exit_code == 2
    assert "unset it" in result.stderr


def test_without_a_data_folder_or_a_place_the_remedy_is_named(
    small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEDAI_DATA", str(tmp_path / "none"))
    result = train("--data", small_home / PACK)
    assert result.exit_code == 2
    assert "jiedai init --data" in result.stderr


def test_a_folder_that_holds_something_else_is_not_trained_over(
    small_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").touch()
    result = train("--data", small_home / PACK, "--out", tmp_path)
    assert result.exit_code == 2
    assert "name another folder" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@needs_extra
def test_two_trainings_for_one_place_do_not_mix(small_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "adapted"
    with workplace(out):
        result = train("--data", small_home / PACK, "--out", out)
    assert result.exit_code == 1
    assert "being trained" in result.stderr


def easy_rows() -> str:
    """Intents that are told apart without any training, so that nothing can be won."""
    things = (
        "耳机",
        "面霜",
        "外套",
        "键盘",
        "水杯",
        "雨伞",
        "台灯",
        "背包",
        "手表",
        "毛巾",
        "拖鞋",
    )
    asked = {"return": "我要退掉这个{}", "track": "{}的快递到哪里了", "price": "这个{}多少钱呀"}
    return "".join(f"{text.format(t)}\t{i}\n" for i, text in asked.items() for t in things)


def hard_rows(intents: Sequence[str]) -> str:
    """Few of the pack's utterances for each of these and other intents: too few for n-grams."""
    rows: dict[str, list[str]] = {intent: [] for intent in intents}
    for example in read_training_data([ROOT / PACK / "nlu"]).examples:
        if example.intent in rows or (len(rows) < 18 and not example.is_contrast):
            own = rows.setdefault(example.intent, [])
            if len(own) < 18:
                own.append(f"{example.text}\t{example.intent}\n")
    return "".join(row for own in rows.values() for row in own)


def spoilt_encoder(folder: Path) -> None:
    """An encoder that an unlucky training could have left: classifiers read noise."""
    weights, source = read_weights(find_source()), find_source()
    noise = np.random.default_rng(0)
    names = ("l6.fi.w", "l6.fo.w", "l9.fo.w", "l11.fo.w")
    spoilt = weights.with_trained(
        {n: noise.normal(size=weights.plain(n).shape).astype(np.float32) for n in names}
    )
    there = folder.with_name("spoilt")
    there.mkdir()
    (there / TRAINING_FILE).write_text("{}", encoding="utf-8")
    write_encoder(there, weights, spoilt, source=source)
    put_in_place(there, folder)
    shutil.rmtree(there, ignore_errors=True)
