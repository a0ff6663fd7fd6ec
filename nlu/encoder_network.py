"""The converted encoder's networks: texts to all that is known of them, in batches.

A trunk of lower layers, and two tops on it: what classifiers learn from, and what search reads
(docs/adr/0011). Only the top that is asked for is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final, TypeVar
from weakref import WeakValueDictionary

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlu.encoder_manifest import (
    GRAPH_FILES,
    READING_FILE,
    SEARCH_FILE,
    TOKENIZER_FILE,
    TRUNK_FILE,
    EncoderManifest,
)

Vectors = NDArray[np.float32]

_MOST_CHARACTERS: Final = 8192  # 512 tokens never need more: the longest piece has 16 characters
_MOST_TOKENS: Final = 512  # in one batch: more do not fit the processor's cache, and take longer
_TRUNKS_KEPT: Final = 8  # of single texts: who is understood is often searched for next

_Made = TypeVar("_Made")
_Batch = tuple[tuple[int, ...], ...]
"""The ids of some texts."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """What search knows of one text: rows are of unit length.

    `sentence` (1-d) tells what the text means; `meaning` (1-d) is richer than that; `tokens` (2-d,
    tokens by token dimension) are for late interaction.
    """

    sentence: Vectors
    meaning: Vectors
    tokens: Vectors


@dataclass(frozen=True, slots=True)
class _Lower:
    """What the trunk makes of a batch: texts by length, and by hidden size."""

    hidden: Vectors
    mask: NDArray[np.int64]


class _Networks:
    """A tokenizer and sessions, loaded; nothing changes them any more."""

    def __init__(self, folder: Path, *, max_tokens: int) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self.tokenizer.enable_truncation(max_tokens)
        options = onnxruntime.SessionOptions()
        # One sentence is too little work to share: threads work on batches of their own.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # an arena keeps the largest batch for good
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.trunk, self.reading, self.search = (
            onnxruntime.InferenceSession(
                str(folder / file), options, providers=["CPUExecutionProvider"]
            )
            for file in (TRUNK_FILE, READING_FILE, SEARCH_FILE)
        )

    def lower(self, batch: Sequence[Sequence[int]], *, pad: int) -> _Lower:
        """The trunk over some texts' ids."""
        length = max(len(ids) for ids in batch)
        padded = np.full((len(batch), length), pad, np.int64)
        mask = np.zeros((len(batch), length), np.int64)
        for row, ids in enumerate(batch):
            padded[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        feed = {"input_ids": padded, "attention_mask": mask}
        (hidden,) = self.trunk.run(["hidden"], feed)
        return _Lower(hidden, mask)


# By the hashes of their files: who loads an encoder that somebody in the process still holds spends
# neither the time nor the memory again.
_networks: WeakValueDictionary[tuple[tuple[str, ...], int], _Networks] = WeakValueDictionary()


def _open_networks(folder: Path, manifest: EncoderManifest) -> _Networks:
    """The networks of files that were checked against the manifest."""
    hashes = tuple(manifest.files[name] for name in (*GRAPH_FILES, TOKENIZER_FILE))
    key = (hashes, manifest.max_tokens)
    networks = _networks.get(key)
    if networks is None:
        networks = _networks[key] = _Networks(folder, max_tokens=manifest.max_tokens)
    return networks


class OnnxForward:
    """Texts, shortest first, to vectors in batches of bounded size; safe for threads."""

    def __init__(self, folder: Path, manifest: EncoderManifest, *, threads: int) -> None:
        self._prefix = manifest.prefix
        self._threads = threads
        self._networks = _open_networks(folder, manifest)
        self._tokenizer = self._networks.tokenizer
        # `<s>` and the prefix go before every text and say nothing about it.
        self._before = len(self._tokenizer.encode(manifest.prefix.strip()).ids) - 1
        self._lower = partial(self._networks.lower, pad=manifest.pad_id)
        # A tuple of texts, each a tuple of ids.
        self._lower_of_one = lru_cache(_TRUNKS_KEPT)(self._lower)

    def read(self, texts: Sequence[str]) -> list[Vectors]:
        """What classifiers learn from, for each text in their order: 1-d, unit length."""
        return self._in_batches(texts, self._read)

    def search(self, texts: Sequence[str]) -> list[Encoding]:
        """What search knows of each text, in their order."""
        return self._in_batches(texts, self._search)

    def words(self) -> frozenset[str]:
        """The Latin words in lower case that are a piece of the vocabulary."""
        pieces = (piece[1:] for piece in self._tokenizer.get_vocab() if piece.startswith("▁"))
        return frozenset(p for p in pieces if p.isascii() and p.isalpha() and p.islower())

    def _in_batches(
        self, texts: Sequence[str], run: Callable[[_Batch], list[_Made]]
    ) -> list[_Made]:
        batches = list(self._batches([self._token_ids(text) for text in texts]))
        if len(batches) == 1 or self._threads == 1:
            return [encoding for batch in batches for encoding in run(batch)]
        with ThreadPoolExecutor(self._threads) as pool:
            return [encoding for found in pool.map(run, batches) for encoding in found]

    def _token_ids(self, text: str) -> tuple[int, ...]:
        readable = text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        return tuple(self._tokenizer.encode(self._prefix + readable.strip()).ids)

    @staticmethod
    def _batches(texts: list[tuple[int, ...]]) -> Iterator[_Batch]:
        batch: list[tuple[int, ...]] = []
        longest = 0
        for ids in texts:
            longest = max(longest, len(ids))
            if batch and longest * (len(batch) + 1) > _MOST_TOKENS:
                yield tuple(batch)
                batch, longest = [], len(ids)
            batch.append(ids)
        if batch:
            yield tuple(batch)

    def _read(self, batch: _Batch) -> list[Vectors]:
        (features,) = self._through_top(self._networks.reading, ["features"], batch)
        return [row.copy() for row in features]

    def _search(self, batch: _Batch) -> list[Encoding]:
        wanted = ["sentence", "meaning", "tokens"]
        sentences, meanings, tokens = self._through_top(self._networks.search, wanted, batch)
        encoded = []
        for row, ids in enumerate(batch):
            own = tokens[row, self._before : len(ids) - 1]
            # A text without tokens of its own is stood for by `<s>`.
            own = own if len(own) else tokens[row, :1]
            encoded.append(Encoding(sentences[row].copy(), meanings[row].copy(), own.copy()))
        return encoded

    def _through_top(self, top: Any, wanted: list[str], batch: _Batch) -> list[Vectors]:
        lower = (self._lower_of_one if len(batch) == 1 else self._lower)(batch)
        feed = {"hidden": lower.hidden, "attention_mask": lower.mask}
        found: list[Vectors] = top.run(wanted, feed)
        return found
