"""Turn sentences into vectors: one encoder for the whole product, without torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from nlu.encoder_manifest import (
    TOKENIZER_FILE,
    TRAINING_FILE,
    EncoderManifest,
    read_manifest,
)
from nlu.encoder_network import Encoding, OnnxForward, Vectors
from nlu.errors import ModelUnavailable
from nlu.remembered import Remembered

Encode = Callable[[Sequence[str]], Vectors]
"""Sentences to vectors: float32 of shape (sentences, dimension), rows of unit length."""

EncodedText = tuple[Vectors, Vectors]
"""A text's own meaning (1-d), and the vectors of its tokens (2-d, tokens by token dimension)."""


DEFAULT_FOLDER = Path("models/encoder")

_ENCODED_AT_ONCE = 512


class Encoder:
    """Sentences to vectors, remembering what it has seen lately; safe for threads.

    `read` (what classifiers learn from) and `search` do the work for texts that are not remembered,
    given shortest first. `fingerprint` changes whenever a text could have other features: who keeps
    a model trained on them keeps it too; `search_fingerprint` does the same for vectors of search.
    """

    def __init__(
        self,
        read: Callable[[Sequence[str]], Sequence[Vectors]],
        search: Callable[[Sequence[str]], Sequence[Encoding]],
        *,
        dimension: int,
        feature_dimension: int,
        fingerprint: str,
        search_fingerprint: str,
        cache_size: int = 1024,
        words: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self.dimension = dimension
        self.feature_dimension = feature_dimension
        self.fingerprint = fingerprint
        self.search_fingerprint = search_fingerprint
        self._read = Remembered(read, size=cache_size)
        self._search = Remembered(search, size=cache_size)
        self._words = words

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Float32 of shape (texts, dimension), rows of unit length, in the order of `texts`.

        An empty text has a vector as well; anything after 512 tokens is not read.
        """
        return self._rows(texts, self._sentences, self.dimension)

    def features(self, texts: Sequence[str]) -> Vectors:
        """What classifiers learn from: as `encode`, of shape (texts, feature_dimension)."""
        return self._rows(texts, self._read, self.feature_dimension)

    def encode_with_tokens(self, texts: Sequence[str]) -> list[EncodedText]:
        """For each text its meaning, and its tokens' vectors (unit length) for late interaction:
        what search needs.

        Do not write to them: they are shared.
        """
        return [(encoding.meaning, encoding.tokens) for encoding in self._search(texts)]

    def words(self) -> frozenset[str]:
        """The words in small Latin letters that are a piece of the encoder's vocabulary: a
        dictionary of sorts, empty where the encoder has none to show.
        """
        return self._words()

    def _sentences(self, texts: Sequence[str]) -> list[Vectors]:
        return [encoding.sentence for encoding in self._search(texts)]

    @staticmethod
    def _rows(
        texts: Sequence[str], found: Callable[[Sequence[str]], list[Vectors]], dimension: int
    ) -> Vectors:
        rows = np.zeros((len(texts), dimension), np.float32)
        # Texts of one length pad least; in parts, so that the tokens of a large training file are
        # never all in memory.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), _ENCODED_AT_ONCE):
            places = order[start : start + _ENCODED_AT_ONCE]
            rows[places] = found([texts[place] for place in places])
        return rows


def load_encoder(
    where: Path | str = DEFAULT_FOLDER, *, threads: int = 1, cache_size: int = 1024
) -> Encoder:
    """Load the converted encoder from its folder, or any sentence-transformers folder or name.

    A folder with our manifest is checked against it. A `str` that is no folder is taken for the
    name of a sentence-transformers model, which needs the extra `train`. `threads` is how many
    cores a call with many texts may use. Raises ModelUnavailable when nothing is there, and
    ModelMismatch when the files do not fit the manifest.
    """
    folder = Path(where)
    if (folder / "manifest.json").is_file():
        return _load_converted(folder, threads=threads, cache_size=cache_size)
    if isinstance(where, Path) and not folder.is_dir():
        message = f"There is no encoder in {folder}: run scripts/setup or `jiedai encoder build`."
        raise ModelUnavailable(message)
    if isinstance(where, str) and not folder.is_dir() and _is_path(where):
        message = (
            f"There is no encoder in {folder}: bring the folder back, or unset JIEDAI_ENCODER to"
            " use the built-in one."
        )
        raise ModelUnavailable(message)
    if folder.is_dir() and not (folder / "config.json").is_file():
        message = (
            f"{folder} holds neither a converted encoder (manifest.json) nor a"
            " sentence-transformers model (config.json): run scripts/setup or"
            " `jiedai encoder build`."
        )
        raise ModelUnavailable(message)
    return _load_foreign(str(where), threads=threads, cache_size=cache_size)


def _is_path(name: str) -> bool:
    """Whether this can be no model's name, which is one word or two: `owner/name`."""
    path = Path(name)
    inside = len(path.parts) == 2 and path.parent.is_dir()
    return path.is_absolute() or name.startswith((".", "~")) or len(path.parts) > 2 or inside


def _load_foreign(name_or_folder: str, *, threads: int, cache_size: int) -> Encoder:
    from nlu.encoder_foreign import load_sentence_transformer  # serving never needs it

    foreign = load_sentence_transformer(name_or_folder, threads=threads)
    # Both read the same rows: who is understood is often searched for next.
    read = Remembered(lambda texts: list(foreign.forward(texts)), size=cache_size)

    def search(texts: Sequence[str]) -> list[Encoding]:
        # Without token vectors of its own a text counts as one token.
        return [Encoding(row, row, row[None, :]) for row in read(texts)]

    return Encoder(
        read,
        search,
        dimension=foreign.dimension,
        feature_dimension=foreign.dimension,
        fingerprint=foreign.fingerprint,
        search_fingerprint=foreign.fingerprint,
        cache_size=cache_size,
    )


def read_search_fingerprint(where: Path | str = DEFAULT_FOLDER) -> str:
    """That of what `load_encoder` loads; the converted encoder's without loading it.

    Raises as `load_encoder` does.
    """
    folder = Path(where)
    if (folder / "manifest.json").is_file():
        return _search_fingerprint(read_manifest(folder))
    return load_encoder(where).search_fingerprint


def _load_converted(folder: Path, *, threads: int, cache_size: int) -> Encoder:
    manifest = read_manifest(folder)
    forward = OnnxForward(folder, manifest, threads=threads)
    return Encoder(
        forward.read,
        forward.search,
        dimension=manifest.dimension,
        feature_dimension=manifest.feature_dimension,
        fingerprint=_fingerprint(manifest),
        search_fingerprint=_search_fingerprint(manifest),
        cache_size=cache_size,
        words=forward.words,
    )


def _fingerprint(manifest: EncoderManifest) -> str:
    trained = manifest.files.get(TRAINING_FILE)
    return _digest([_search_fingerprint(manifest), manifest.adaptation_sha256, trained])


def _search_fingerprint(manifest: EncoderManifest) -> str:
    parts: list[object] = [
        manifest.format,
        manifest.source_sha256,
        manifest.precision,
        manifest.files[TOKENIZER_FILE],
        manifest.prefix,
        manifest.pooling,
        manifest.max_tokens,
        manifest.token_dimension,
    ]
    return _digest(parts)


def _digest(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
