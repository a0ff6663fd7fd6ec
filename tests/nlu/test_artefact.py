"""A model on disk: whole, checked, replaced in one step."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from nlu import artefact
from nlu.artefact import copy_model, load_model, read_manifest, save_model
from nlu.artefact_files import part_name
from nlu.emotion_train import learn_emotions
from nlu.entity_custom import learn_entities
from nlu.errors import ModelMismatch, ModelUnavailable
from nlu.model import NluModel
from nlu.mood import read_mood_lexicon
from nlu.pipeline import NluPipeline
from nlu.train import train
from nlu.training_data import Example, TrainingData, WordList
from nlu.understanding import Emotion
from tests.nlu.toy import EXAMPLES, FINGERPRINT, STRANGERS, toy_encode

ROOT = Path(__file__).parents[2]
MOOD_TEXT = (ROOT / "training_data" / "common" / "mood.yml").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def model() -> NluModel:
    return train([*EXAMPLES, *STRANGERS], toy_encode).model


def save(model: NluModel, folder: Path) -> artefact.Manifest:
    return save_model(
        model,
        folder,
        encoder=FINGERPRINT,
        examples=EXAMPLES,
        scores={"accuracy": 1.0},
        created_at=NOW,
        mood_text=MOOD_TEXT,
    )


def change_manifest(folder: Path, **fields: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **fields}), "utf-8")


def test_a_model_keeps_the_entities_that_its_files_taught(model: NluModel, tmp_path: Path) -> None:
    taught = learn_entities(TrainingData(lookups=(WordList("campus", ("海淀校区",)),)))
    save(replace(model, custom=taught), tmp_path / "model")
    assert load_model(tmp_path / "model", encoder=FINGERPRINT).custom == taught
    save(model, tmp_path / "model")
    assert load_model(tmp_path / "model", encoder=FINGERPRINT).custom.is_empty
    assert not list((tmp_path / "model").glob("entities-*"))


def test_a_model_keeps_the_confidence_that_was_asked_of_each_intent(tmp_path: Path) -> None:
    asked = train([*EXAMPLES, *STRANGERS], toy_encode, precision=0.999).model
    save(asked, tmp_path / "model")
    loaded = load_model(tmp_path / "model", encoder=FINGERPRINT)
    assert loaded.thresholds == asked.thresholds
    assert len(loaded.thresholds) == len(loaded.intents)
    found = NluPipeline(loaded, toy_encode).understand("我要退掉这个鼠标")
    assert found.sure_from == loaded.thresholds[loaded.intents.index(found.intent.name)]


def test_a_model_keeps_what_it_learnt_of_emotions(model: NluModel, tmp_path: Path) -> None:
    lexicon = read_mood_lexicon(MOOD_TEXT)
    felt = [Example(f"{e.value} {text}", e.value) for e in Emotion for text in ("耳机", "面霜")]
    learnt = learn_emotions(felt, EXAMPLES, toy_encode, lexicon)
    save(replace(model, emotion=learnt), tmp_path / "model")
    loaded = load_model(tmp_path / "model", encoder=FINGERPRINT)
    pipeline = NluPipeline(loaded, toy_encode)
    assert pipeline.understand("anger 外套").emotion is Emotion.ANGER
    assert pipeline.understand("耳机一个卖多少钱").emotion is Emotion.NONE
    save(model, tmp_path / "model")
    assert load_model(tmp_path / "model", encoder=FINGERPRINT).emotion is None
    assert not list((tmp_path / "model").glob("emotion-*"))


def test_a_loaded_model_says_exactly_what_the_saved_one_said(
    model: NluModel, tmp_path: Path
) -> None:
    save(model, tmp_path / "model")
    loaded = load_model(tmp_path / "model", encoder=FINGERPRINT)
    texts = [e.text for e in EXAMPLES + STRANGERS]
    before, after = (m.score(texts, toy_encode(texts)) for m in (model, loaded))
    np.testing.assert_array_equal(before.probabilities, after.probabilities)
    np.testing.assert_array_equal(before.in_scope, after.in_scope)
    assert loaded.intents == model.intents
    assert loaded.mood is not None


def test_the_manifest_tells_where_the_model_comes_from(model: NluModel, tmp_path: Path) -> None:
    manifest = save(model, tmp_path)
    assert read_manifest(tmp_path) == manifest
    assert manifest.created_at == "2026-11-22T08:00:00+00:00"
    assert manifest.encoder == FINGERPRINT
    assert list(manifest.labels) == ["apply_return", "ask_price", "query_logistics"]
    assert manifest.data_hash == artefact.hash_examples(EXAMPLES)
    assert manifest.data_hash != artefact.hash_examples(EXAMPLES[1:])
    assert set(manifest.versions) == {"python", "jiedai", "numpy", "scikit-learn", "jieba"}


def test_no_model_is_said_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="jiedai train nlu"):
        load_model(tmp_path / "none", encoder=FINGERPRINT)


def test_another_encoder_is_refused(model: NluModel, tmp_path: Path) -> None:
    save(model, tmp_path)
    with pytest.raises(ModelMismatch, match="was made with encoder toy, here is other"):
        load_model(tmp_path, encoder="other")


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"format": 99}, "format 99"),
        ({"versions": {"scikit-learn": "0.1"}}, "scikit-learn 0.1"),
        ({"surprise": 1}, "no manifest of a model"),
        ({"files": {}}, "broken"),
        ({"files": {"arrays": "arrays-" + "0" * 64}}, "is missing"),
        ({"files": {"arrays": "../arrays-" + "0" * 64}}, "see arrays"),
        ({"files": {"words": 3}}, "see words"),
        ({"files": []}, "see files"),
        ({"versions": None, "examples": "3"}, "see versions, examples"),
        ({"versions": {"scikit-learn": 1}, "labels": [["a"]]}, "see versions, labels"),
        ({"scores": {"accuracy": "good"}}, "see scores"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    model: NluModel, tmp_path: Path, fields: dict[str, object], complaint: str
) -> None:
    save(model, tmp_path)
    change_manifest(tmp_path, **fields)
    with pytest.raises(ModelMismatch, match=complaint):
        load_model(tmp_path, encoder=FINGERPRINT)


def test_a_model_that_cannot_be_read_is_said_with_the_remedy(
    model: NluModel, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "folder" / "manifest.json").mkdir(parents=True)
    words = save(model, tmp_path / "model").files["words"]
    (tmp_path / "model" / words).unlink()
    (tmp_path / "model" / words).mkdir()
    for name in ("file", "folder", "model"):
        with pytest.raises(ModelUnavailable, match=r"cannot be read.*jiedai train nlu"):
            load_model(tmp_path / name, encoder=FINGERPRINT)


@pytest.mark.parametrize("content", ["{", "[" * 100_000])
def test_a_manifest_that_is_not_json_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelMismatch, match="not JSON"):
        load_model(tmp_path, encoder=FINGERPRINT)


@pytest.mark.parametrize("part", ["arrays", "words", "mood"])
def test_a_file_that_was_changed_is_refused(model: NluModel, tmp_path: Path, part: str) -> None:
    path = tmp_path / save(model, tmp_path).files[part]
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelMismatch, match="SHA-256 differs"):
        load_model(tmp_path, encoder=FINGERPRINT)


@pytest.mark.parametrize("part", ["arrays", "words", "spelling", "mood", "entities", "emotion"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"[]", b"{}", b"[" * 20_000, b"\xff"])
def test_a_part_that_another_program_wrote_is_refused(
    model: NluModel, tmp_path: Path, part: str, content: bytes
) -> None:
    files, name = save(model, tmp_path).files, part_name(part, content)
    (tmp_path / name).write_bytes(content)
    change_manifest(tmp_path, files={**files, part: name})
    with pytest.raises(ModelMismatch, match=r"(?s)a part of the model is broken.*jiedai train nlu"):
        load_model(tmp_path, encoder=FINGERPRINT)


def test_a_new_model_replaces_the_old_one_and_its_files(model: NluModel, tmp_path: Path) -> None:
    save(model, tmp_path)
    smaller = train(EXAMPLES[:16], toy_encode).model
    manifest = save(smaller, tmp_path)
    assert load_model(tmp_path, encoder=FINGERPRINT).intents == smaller.intents
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"manifest.json", *manifest.files.values()}


def test_killed_at_any_moment_the_earlier_model_stays_whole(
    model: NluModel, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    earlier = save(model, folder)
    smaller = train(EXAMPLES[:16], toy_encode).model
    for steps in range(1, 60):
        child = _fork_and_kill_after(steps, lambda: save(smaller, folder))
        loaded = load_model(folder, encoder=FINGERPRINT)
        assert loaded.intents in {model.intents, smaller.intents}
        if not child:
            break
    else:
        pytest.fail("saving takes more steps than this test allows")
    assert read_manifest(folder) != earlier


def test_killed_at_any_moment_a_copy_leaves_a_whole_model(model: NluModel, tmp_path: Path) -> None:
    folder, kept = tmp_path / "model", tmp_path / "kept"
    save(model, folder)
    smaller = train(EXAMPLES[:16], toy_encode).model
    copied = save(smaller, kept)
    for steps in range(1, 60):
        child = _fork_and_kill_after(steps, lambda: copy_model(kept, folder))
        loaded = load_model(folder, encoder=FINGERPRINT)
        assert loaded.intents in {model.intents, smaller.intents}
        if not child:
            break
    else:
        pytest.fail("copying takes more steps than this test allows")
    assert read_manifest(folder) == copied
    assert {path.name for path in folder.iterdir()} == {path.name for path in kept.iterdir()}


def test_a_copy_takes_the_place_of_a_damaged_model(model: NluModel, tmp_path: Path) -> None:
    kept = save(model, tmp_path / "kept")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "manifest.json").write_text("{", encoding="utf-8")
    assert copy_model(tmp_path / "kept", tmp_path / "model") == kept
    assert load_model(tmp_path / "model", encoder=FINGERPRINT).intents == model.intents


def _fork_and_kill_after(steps: int, work: object) -> bool:
    """Run in a child that dies before its nth operation on files; whether it died."""
    pid = os.fork()
    if pid == 0:
        left = steps

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in {"open", "os.rename", "os.remove"}:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        assert callable(work)
        work()
        os._exit(0)
    return os.waitpid(pid, 0)[1] != 0


def test_serving_loads_no_dictionaries(model: NluModel, tmp_path: Path) -> None:
    save(model, tmp_path)
    code = (
        "import sys; from pathlib import Path\n"
        "from nlu.artefact import load_model; from nlu.pipeline import NluPipeline\n"
        "from tests.nlu.toy import toy_encode\n"
        f"model = load_model(Path({str(tmp_path)!r}), encoder='toy')\n"
        "assert not NluPipeline(model, toy_encode).understand('我要退掉这个耳机').rejected\n"
        "heavy = {'sklearn', 'scipy', 'jieba', 'pypinyin', 'torch', 'matplotlib'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
