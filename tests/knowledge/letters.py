"""A tiny real encoder for tests: a text is the letters and pairs of letters in it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from knowledge.article import Article
from knowledge.vectors import Vectors

SIZE = 512


class LetterEncoder:
    """Counts letters and pairs into a vector; remembers which texts it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = np.full((len(texts), SIZE), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for start in range(len(text)):
                for piece in (text[start], text[start : start + 2]):
                    rows[row, zlib.crc32(piece.encode()) % SIZE] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_article(article_id: str, body: str, **fields: object) -> Article:
    return Article(id=article_id, title=fields.pop("title", article_id), body=body, **fields)  # type: ignore[arg-type]
