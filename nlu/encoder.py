"""Turn sentences into vectors: one encoder for the whole product, without torch."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlu.encoder_manifest import MODEL_FILE, TOKENIZER_FILE, EncoderManifest, read_manifest
from nlu.errors import ModelUnavailable

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Sentences to vectors: float32 of shape (sentences, dimension), rows of unit length."""

EncodedText = tuple[Vectors, Vectors]
"""A text's own vector (1-d), and those of its tokens (2-d, tokens by token dimension)."""

DEFAULT_FOLDER = Path("models/encoder")

_MOST_CHARACTERS = 8192  # 512 tokens never need more: the longest piece has 16 characters
_ENCODED_AT_ONCE = 512
_MOST_CACHED_CALL = 64  # training passes thousands of texts once; they would push out the live ones


class Encoder:
    """Sentences to vectors, remembering what it has seen lately; safe for threads.

    `forward` does the work for texts that are not remembered, given shortest first. `fingerprint`
    changes whenever the same sentence could give another vector: whoever keeps vectors, or a model
    trained on them, keeps it too.
    """

    def __init__(
        self,
        forward: Callable[[Sequence[str]], Sequence[EncodedText]],
        *,
        dimension: int,
        fingerprint: str,
        cache_size: int = 1024,
    ) -> None:
        self.dimension = dimension
        self.fingerprint = fingerprint
        self._forward = forward
        self._cache_size = cache_size
        self._cache: OrderedDict[str, EncodedText] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Float32 of shape (texts, dimension), rows of unit length, in the order of `texts`.

        An empty text has a vector as well; anything after 512 tokens is not read.
        """
        rows = np.zeros((len(texts), self.dimension), np.float32)
        # In parts, so that the tokens of a large training file are never all in memory.
        for start in range(0, len(texts), _ENCODED_AT_ONCE):
            part = self.encode_with_tokens(texts[start : start + _ENCODED_AT_ONCE])
            for place, (sentence, _) in enumerate(part, start=start):
                rows[place] = sentence
        return rows

    def encode_with_tokens(self, texts: Sequence[str]) -> list[EncodedText]:
        """For each text its vector, and its tokens' vectors (unit length) for late interaction.

        Do not write to them: they are shared.
        """
        found = self._remembered(texts)
        missing = sorted({text for text in texts if text not in found}, key=lambda t: (len(t), t))
        if missing:
            found.update(zip(missing, self._forward(missing), strict=True))
            self._remember(missing, found)
        return [found[text] for text in texts]

    def _remembered(self, texts: Sequence[str]) -> dict[str, EncodedText]:
        found = {}
        with self._lock:
            for text in texts:
                encoded = self._cache.get(text)
                if encoded is not None:
                    self._cache.move_to_end(text)
                    found[text] = encoded
        return found

    def _remember(self, texts: Sequence[str], encoded: dict[str, EncodedText]) -> None:
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
    cores one call may use. Raises ModelUnavailable when nothing is there, and ModelMismatch when
    the files do not fit the manifest.
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

    def forward(texts: Sequence[str]) -> list[EncodedText]:
        # Without token vectors of its own a text counts as one token.
        return [(row, row[None, :]) for row in foreign.forward(texts)]

    return Encoder(
        forward,
        dimension=foreign.dimension,
        fingerprint=foreign.fingerprint,
        cache_size=cache_size,
    )


def _load_converted(folder: Path, *, threads: int, cache_size: int) -> Encoder:
    manifest = read_manifest(folder)
    forward = _OnnxForward(folder, manifest, threads=threads)
    return Encoder(
        forward,
        dimension=manifest.dimension,
        fingerprint=_fingerprint(manifest),
        cache_size=cache_size,
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
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


class _OnnxForward:
    """Texts, shortest first, to vectors in batches of bounded size."""

    def __init__(self, folder: Path, manifest: EncoderManifest, *, threads: int) -> None:
        self._prefix = manifest.prefix
        self._pad = manifest.pad_id
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(manifest.max_tokens)
        # `<s>` and the prefix go before every text and say nothing about it.
        self._before = len(self._tokenizer.encode(manifest.prefix.strip()).ids) - 1
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # an arena keeps the largest batch for good
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, texts: Sequence[str], *, most_tokens: int = 2048) -> list[EncodedText]:
        ids = [self._token_ids(text) for text in texts]
        encoded: list[EncodedText] = []
        while len(encoded) < len(ids):
            start = len(encoded)
            encoded += self._run(ids[start : self._end_of_batch(ids, start, most_tokens)])
        return encoded

    def _token_ids(self, text: str) -> list[int]:
        readable = text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(self._prefix + readable.strip()).ids
        return ids

    @staticmethod
    def _end_of_batch(ids: list[list[int]], start: int, most_tokens: int) -> int:
        longest, end = 0, start
        while end < len(ids):
            longest = max(longest, len(ids[end]))
            if end > start and longest * (end + 1 - start) > most_tokens:
                break
            end += 1
        return end

    def _run(self, batch: list[list[int]]) -> list[EncodedText]:
        length = max(len(ids) for ids in batch)
        padded = np.full((len(batch), length), self._pad, np.int64)
        mask = np.zeros((len(batch), length), np.int64)
        for row, ids in enumerate(batch):
            padded[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        sentences, tokens = self._session.run(
            ["sentence", "tokens"], {"input_ids": padded, "attention_mask": mask}
        )
        encoded = []
        for row, ids in enumerate(batch):
            own = tokens[row, self._before : len(ids) - 1]
            # A text without tokens of its own is stood for by `<s>`.
            encoded.append((sentences[row].copy(), (own if len(own) else tokens[row, :1]).copy()))
        return encoded
