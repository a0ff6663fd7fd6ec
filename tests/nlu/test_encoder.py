"""The encoder that serves: vectors, memory of sentences, and what it refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu.convert_encoder import convert_encoder
from nlu.encoder import Encoder, load_encoder, read_search_fingerprint
from nlu.encoder_manifest import (
    FIGURES_FILE,
    TRAINING_FILE,
    read_manifest,
    sha256_of,
    write_manifest,
)
from nlu.encoder_network import Encoding, Vectors
from nlu.errors import ModelMismatch, ModelUnavailable

FOLDER = Path(__file__).parents[2] / "models" / "encoder"
SENTENCES = ["我的快递到哪了", "退货运费谁出", "Where is my order?", "嗯", "保修多久" * 40]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    convert_encoder(FOLDER)
    return load_encoder(FOLDER)


def test_rows_have_unit_length_and_keep_the_order_of_the_texts(encoder: Encoder) -> None:
    vectors = encoder.encode(SENTENCES)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(SENTENCES), encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(encoder.encode(SENTENCES[::-1]), vectors[::-1])


def test_a_sentence_has_the_same_vector_alone_and_in_company(encoder: Encoder) -> None:
    together = load_encoder(FOLDER, cache_size=0).encode(SENTENCES)
    alone = np.stack([encoder.encode([text])[0] for text in SENTENCES])
    assert np.abs(together - alone).max() < 1e-5


def test_features_are_of_layers_that_search_does_not_read(encoder: Encoder) -> None:
    features = encoder.features(SENTENCES)
    assert features.shape == (len(SENTENCES), encoder.feature_dimension)
    assert np.allclose(np.linalg.norm(features, axis=1), 1, atol=1e-5)
    meanings = np.stack([meaning for meaning, _ in encoder.encode_with_tokens(SENTENCES)])
    assert np.allclose(np.linalg.norm(meanings, axis=1), 1, atol=1e-5)
    first = meanings[:, : encoder.dimension] * np.sqrt(2)
    assert np.allclose(first, encoder.encode(SENTENCES), atol=1e-5)
    assert np.sum(features * meanings, axis=1).max() < 0.99


def test_a_text_has_the_same_features_alone_and_in_company(encoder: Encoder) -> None:
    together = load_encoder(FOLDER, cache_size=0).features(SENTENCES)
    alone = np.stack([encoder.features([text])[0] for text in SENTENCES])
    assert np.abs(together - alone).max() < 1e-5


def test_batches_on_several_threads_keep_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = [f"{start}第{i}单到哪了" for i in range(60) for start in ("", "你好，请帮我看看")]
    shared = load_encoder(FOLDER, threads=4, cache_size=0)
    assert np.allclose(shared.encode(texts), encoder.encode(texts), atol=1e-5)


def test_alike_sentences_are_closer_than_unlike_ones(encoder: Encoder) -> None:
    asked, alike, unlike = encoder.encode(["快递到哪了", "包裹现在在什么位置", "怎么开发票"])
    assert asked @ alike > asked @ unlike


def test_a_returned_vector_can_be_changed_without_harm(encoder: Encoder) -> None:
    first = encoder.encode(["会员怎么升级"])
    kept = first.copy()
    first[:] = 0
    assert np.array_equal(encoder.encode(["会员怎么升级"]), kept)


def test_threads_share_one_encoder(encoder: Encoder) -> None:
    expected = encoder.encode(SENTENCES)
    shared = load_encoder(FOLDER, cache_size=2)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: shared.encode(SENTENCES), range(8)))
    assert all(np.allclose(result, expected, atol=1e-3) for result in results)


def test_repeated_sentences_are_not_computed_again() -> None:
    read: list[str] = []
    searched: list[str] = []

    def rows(texts: Sequence[str]) -> list[Vectors]:
        read.extend(texts)
        return list(np.eye(len(texts), 4, dtype=np.float32))

    def encodings(texts: Sequence[str]) -> list[Encoding]:
        searched.extend(texts)
        return [Encoding(row, row, row[None, :]) for row in np.eye(len(texts), 4, dtype=np.float32)]

    encoder = Encoder(
        rows,
        encodings,
        dimension=4,
        feature_dimension=4,
        fingerprint="f",
        search_fingerprint="s",
        cache_size=2,
    )
    encoder.encode(["a", "a", "b"])
    encoder.encode_with_tokens(["a"])
    assert (searched, read) == (["a", "b"], [])
    encoder.encode(["c", "d"])
    encoder.encode(["a"])
    assert searched == ["a", "b", "c", "d", "a"]
    encoder.features(["a", "e"])
    encoder.features(["e"])
    assert read == ["a", "e"]


def test_tokens_are_the_texts_own_and_of_unit_length(encoder: Encoder) -> None:
    (_, short), (_, long) = encoder.encode_with_tokens(["退货", "退货运费谁出"])
    assert len(short) < len(long)
    assert np.allclose(np.linalg.norm(long, axis=1), 1, atol=1e-4)
    ((_, nothing),) = encoder.encode_with_tokens([""])
    assert len(nothing) == 1


def test_words_of_the_vocabulary_are_a_dictionary(encoder: Encoder) -> None:
    words = encoder.words()
    assert {"safe", "mail", "refund"} <= words
    assert not {"refnud", "退货", "_", ""} & words


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "😀🫠🫠", "字" * 400_000], ids=lambda t: repr(t[:3])
)
def test_odd_texts_have_a_vector_too(encoder: Encoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text])[0]) == pytest.approx(1, abs=1e-4)


def test_the_fingerprint_is_the_same_for_the_same_files(encoder: Encoder) -> None:
    assert load_encoder(FOLDER).fingerprint == encoder.fingerprint


def test_who_learnt_something_else_reads_otherwise_and_searches_as_before(
    encoder: Encoder, tmp_path: Path
) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "encoder")
    manifest = read_manifest(FOLDER)
    (folder / TRAINING_FILE).write_text("{}")
    trained = manifest.files | {TRAINING_FILE: sha256_of(folder / TRAINING_FILE)}
    fingerprints = {encoder.fingerprint}
    for other in (
        replace(manifest, files=trained),
        replace(manifest, adaptation_sha256="another"),
    ):
        write_manifest(folder, other)
        changed = load_encoder(folder)
        assert changed.search_fingerprint == encoder.search_fingerprint
        assert read_search_fingerprint(folder) == encoder.search_fingerprint
        fingerprints.add(changed.fingerprint)
    assert len(fingerprints) == 3


def test_vectors_of_another_size_have_other_fingerprints(encoder: Encoder, tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "encoder")
    write_manifest(folder, replace(read_manifest(FOLDER), token_dimension=96))
    changed = load_encoder(folder)
    assert changed.search_fingerprint != encoder.search_fingerprint
    assert changed.fingerprint != encoder.fingerprint


def test_serving_imports_no_torch() -> None:
    code = (
        "import sys; from pathlib import Path; from nlu.encoder import load_encoder;"
        f"load_encoder(Path({str(FOLDER)!r})).encode(['好']);"
        "print(sorted({'torch', 'transformers', 'onnx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_folder_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="jiedai encoder build"):
        load_encoder(tmp_path / "none")
    with pytest.raises(ModelUnavailable, match="jiedai encoder build"):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize("name", ["{there}/gone", "./gone", "~/gone", "a/b/gone", "models/gone"])
def test_a_folder_that_was_there_once_is_not_taken_for_a_models_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "torch", None)  # what a name is asked of is not there
    with pytest.raises(ModelUnavailable, match=r"gone: bring .* or unset JIEDAI_ENCODER"):
        load_encoder(name.format(there=tmp_path))
    with pytest.raises(ModelUnavailable, match="torch is not installed"):
        load_encoder("owner/name")


def test_a_changed_file_is_refused(encoder: Encoder, tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "encoder")
    with (folder / "tokenizer.json").open("a") as file:
        file.write(" ")
    with pytest.raises(ModelMismatch, match=r"tokenizer\.json.*encoder build"):
        load_encoder(folder)
    (folder / "search.onnx").unlink()
    with pytest.raises(ModelMismatch, match=r"search\.onnx is missing"):
        load_encoder(folder)


@pytest.mark.parametrize("text", ["{", "[]", "[" * 100_000, json.dumps({"format": 99})])
def test_a_manifest_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ModelMismatch, match="encoder build"):
        load_encoder(tmp_path)


def test_a_fine_tuned_encoder_of_another_version_is_to_be_trained_once_more(
    tmp_path: Path,
) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 4}))
    (tmp_path / FIGURES_FILE).write_text("{}")
    with pytest.raises(ModelMismatch, match=r"another version.*delete.*train encoder"):
        load_encoder(tmp_path)
    (tmp_path / "manifest.json").write_text("{")  # damaged: there a backup helps
    with pytest.raises(ModelMismatch, match="backup"):
        load_encoder(tmp_path)


@pytest.mark.parametrize(
    "fields",
    [
        *({"dimension": "384"}, {"files": ["search.onnx"]}, {"files": {}}, {"prefix": None}),
        {"pad_id": 1.5},
    ],
)
def test_a_manifest_with_values_of_another_kind_is_refused(
    encoder: Encoder, tmp_path: Path, fields: dict[str, object]
) -> None:
    whole = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps({**whole, **fields}), encoding="utf-8")
    with pytest.raises(ModelMismatch, match=rf"see {next(iter(fields))}\).*encoder build"):
        load_encoder(tmp_path)
