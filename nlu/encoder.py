"""Turn sentences into vectors: one encoder for the whole product, without torch."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlu.encoder_manifest import (
    MODEL_FILE,
    TOKENIZER_FILE,
    TRAINING_FILE,
    EncoderManifest,
    read_manifest,
)
from nlu.errors import ModelUnavailable

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Sentences to vectors: float32 of shape (sentences, dimension), rows of unit length."""

EncodedText = tuple[Vectors, Vectors]
"""A text's own features (1-d), and the vectors of its tokens (2-d, tokens by token dimension)."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """All that is known of one text: rows are of unit length.

    `sentence` (1-d) tells what the text means; `features` (1-d) are what classifiers learn from,
    richer than that; `tokens` (2-d, tokens by token dimension) are for late interaction.
    """

    sentence: Vectors
    features: Vectors
    tokens: Vectors


DEFAULT_FOLDER = Path("models/encoder")

_MOST_CHARACTERS = 8192  # 512 tokens never need more: the longest piece has 16 characters
_ENCODED_AT_ONCE = 512
_MOST_TOKENS = 512  # in one batch: more do not fit the processor's cache, and take longer
_MOST_CACHED_CALL = 64  # training passes thousands of texts once; they would push out the live ones


class Encoder:
    """Sentences to vectors, remembering what it has seen lately; safe for threads.

    `forward` does the work for texts that are not remembered, given shortest first. `fingerprint`
    changes whenever the same sentence could give another vector: whoever keeps vectors, or a model
    trained on them, keeps it too.
    """

    def __init__(
        self,
        forward: Callable[[Sequence[str]], Sequence[Encoding]],
        *,
        dimension: int,
        feature_dimension: int,
        fingerprint: str,
        cache_size: int = 1024,
        words: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self.dimension = dimension
        self.feature_dimension = feature_dimension
        self.fingerprint = fingerprint
        self._forward = forward
        self._cache_size = cache_size
        self._words = words
        self._cache: OrderedDict[str, Encoding] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Float32 of shape (texts, dimension), rows of unit length, in the order of `texts`.

        An empty text has a vector as well; anything after 512 tokens is not read.
        """
        return self._rows(texts, lambda encoding: encoding.sentence, self.dimension)

    def features(self, texts: Sequence[str]) -> Vectors:
        """What classifiers learn from: as `encode`, of shape (texts, feature_dimension)."""
        return self._rows(texts, lambda encoding: encoding.features, self.feature_dimension)

    def encode_with_tokens(self, texts: Sequence[str]) -> list[EncodedText]:
        """For each text its features, and its tokens' vectors (unit length) for late interaction:
        what search needs.

        Do not write to them: they are shared.
        """
        return [(encoding.features, encoding.tokens) for encoding in self._encodings(texts)]

    def words(self) -> frozenset[str]:
        """The words in small Latin letters that are a piece of the encoder's vocabulary: a
        dictionary of sorts, empty where the encoder has none to show.
        """
        return self._words()

    def _rows(
        self, texts: Sequence[str], part: Callable[[Encoding], Vectors], dimension: int
    ) -> Vectors:
        rows = np.zeros((len(texts), dimension), np.float32)
        # Texts of one length pad least; in parts, so that the tokens of a large training file are
        # never all in memory.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), _ENCODED_AT_ONCE):
            places = order[start : start + _ENCODED_AT_ONCE]
            for place, found in zip(
                places, self._encodings([texts[place] for place in places]), strict=True
            ):
                rows[place] = part(found)
        return rows

    def _encodings(self, texts: Sequence[str]) -> list[Encoding]:
        found = self._remembered(texts)
        missing = sorted({text for text in texts if text not in found}, key=lambda t: (len(t), t))
        if missing:
            found.update(zip(missing, self._forward(missing), strict=True))
            self._remember(missing, found)
        return [found[text] for text in texts]

    def _remembered(self, texts: Sequence[str]) -> dict[str, Encoding]:
        found = {}
        with self._lock:
            for text in texts:
                encoded = self._cache.get(text)
                if encoded is not None:
                    self._cache.move_to_end(text)
                    found[text] = encoded
        return found

    def _remember(self, texts: Sequence[str], encoded: dict[str, Encoding]) -> None:
        if len(texts) > _MOST_CACHED_CALL:
            return
        with self._lock:
            for text in texts:
                self._cache[text] = encoded[text]
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)


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
    if folder.is_dir() and not (folder / "config.json").is_file():
        message = (
            f"{folder} holds neither a converted encoder (manifest.json) nor a"
            " sentence-transformers model (config.json): run scripts/setup or"
            " `jiedai encoder build`."
        )
        raise ModelUnavailable(message)
    from nlu.encoder_foreign import load_sentence_transformer  # serving never needs it

    foreign = load_sentence_transformer(str(where), threads=threads)

    def forward(texts: Sequence[str]) -> list[Encoding]:
        # Without token vectors of its own a text counts as one token.
        return [Encoding(row, row, row[None, :]) for row in foreign.forward(texts)]

    return Encoder(
        forward,
        dimension=foreign.dimension,
        feature_dimension=foreign.dimension,
        fingerprint=foreign.fingerprint,
        cache_size=cache_size,
    )


def _load_converted(folder: Path, *, threads: int, cache_size: int) -> Encoder:
    manifest = read_manifest(folder)
    forward = _OnnxForward(folder, manifest, threads=threads)
    return Encoder(
        forward,
        dimension=manifest.dimension,
        feature_dimension=manifest.feature_dimension,
        fingerprint=_fingerprint(manifest),
        cache_size=cache_size,
        words=forward.words,
    )


def _fingerprint(manifest: EncoderManifest) -> str:
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
    if TRAINING_FILE in manifest.files:
        parts.append(manifest.files[TRAINING_FILE])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


class _Network:
    """A tokenizer and a session, loaded; nothing changes them any more."""

    def __init__(self, folder: Path, *, max_tokens: int) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self.tokenizer.enable_truncation(max_tokens)
        options = onnxruntime.SessionOptions()
        # One sentence is too little work to share: threads work on batches of their own.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # an arena keeps the largest batch for good
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )


# By the hashes of their files: who loads an encoder that somebody in the process still holds spends
# neither the time nor the memory again.
_networks: WeakValueDictionary[tuple[str, str, int], _Network] = WeakValueDictionary()


def _open_network(folder: Path, manifest: EncoderManifest) -> _Network:
    """The network of files that were checked against the manifest."""
    files = manifest.files
    key = (files[MODEL_FILE], files[TOKENIZER_FILE], manifest.max_tokens)
    network = _networks.get(key)
    if network is None:
        network = _networks[key] = _Network(folder, max_tokens=manifest.max_tokens)
    return network


class _OnnxForward:
    """Texts, shortest first, to vectors in batches of bounded size."""

    def __init__(self, folder: Path, manifest: EncoderManifest, *, threads: int) -> None:
        self._prefix = manifest.prefix
        self._threads = threads
        self._pad = manifest.pad_id
        self._network = _open_network(folder, manifest)
        self._tokenizer = self._network.tokenizer
        # `<s>` and the prefix go before every text and say nothing about it.
        self._before = len(self._tokenizer.encode(manifest.prefix.strip()).ids) - 1

    def __call__(self, texts: Sequence[str]) -> list[Encoding]:
        ids = [self._token_ids(text) for text in texts]
        batches = list(self._batches(ids))
        if len(batches) == 1 or self._threads == 1:
            return [encoding for batch in batches for encoding in self._run(batch)]
        with ThreadPoolExecutor(self._threads) as pool:
            return [encoding for found in pool.map(self._run, batches) for encoding in found]

    def words(self) -> frozenset[str]:
        pieces = (piece[1:] for piece in self._tokenizer.get_vocab() if piece.startswith("▁"))
        return frozenset(p for p in pieces if p.isascii() and p.isalpha() and p.islower())

    def _token_ids(self, text: str) -> list[int]:
        readable = text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(self._prefix + readable.strip()).ids
        return ids

    @staticmethod
    def _batches(ids: list[list[int]]) -> Iterator[list[list[int]]]:
        batch: list[list[int]] = []
        longest = 0
        for one in ids:
            longest = max(longest, len(one))
            if batch and longest * (len(batch) + 1) > _MOST_TOKENS:
                yield batch
                batch, longest = [], len(one)
            batch.append(one)
        if batch:
            yield batch

    def _run(self, batch: list[list[int]]) -> list[Encoding]:
        length = max(len(ids) for ids in batch)
        padded = np.full((len(batch), length), self._pad, np.int64)
        mask = np.zeros((len(batch), length), np.int64)
        for row, ids in enumerate(batch):
            padded[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        sentences, features, tokens = self._network.session.run(
            ["sentence", "features", "tokens"], {"input_ids": padded, "attention_mask": mask}
        )
        encoded = []
        for row, ids in enumerate(batch):
            own = tokens[row, self._before : len(ids) - 1]
            # A text without tokens of its own is stood for by `<s>`.
            own = own if len(own) else tokens[row, :1]
            encoded.append(Encoding(sentences[row].copy(), features[row].copy(), own.copy()))
        return encoded
