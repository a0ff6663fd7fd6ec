"""The converted encoder's network: texts to all that is known of them, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlu.encoder_manifest import MODEL_FILE, TOKENIZER_FILE, EncoderManifest

Vectors = NDArray[np.float32]

_MOST_CHARACTERS: Final = 8192  # 512 tokens never need more: the longest piece has 16 characters
_MOST_TOKENS: Final = 512  # in one batch: more do not fit the processor's cache, and take longer


@dataclass(frozen=True, slots=True)
class Encoding:
    """All that is known of one text: rows are of unit length.

    `sentence` (1-d) tells what the text means; `features` (1-d) are what classifiers learn from,
    richer than that; `tokens` (2-d, tokens by token dimension) are for late interaction.
    """

    sentence: Vectors
    features: Vectors
    tokens: Vectors


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


class OnnxForward:
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
        """All that is known of each text, in their order."""
        ids = [self._token_ids(text) for text in texts]
        batches = list(self._batches(ids))
        if len(batches) == 1 or self._threads == 1:
            return [encoding for batch in batches for encoding in self._run(batch)]
        with ThreadPoolExecutor(self._threads) as pool:
            return [encoding for found in pool.map(self._run, batches) for encoding in found]

    def words(self) -> frozenset[str]:
        """The Latin words in lower case that are a piece of the vocabulary."""
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
