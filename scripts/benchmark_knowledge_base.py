"""Made articles in a large base, for `scripts/benchmark_knowledge.py`.

Passages are made by recombining the packs' articles: names of products and places are put before
their titles and headings. Encoding all of them would take an hour, so that each key has the vectors
of the passage it was made from, moved by noise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from knowledge.article import Article
from knowledge.passages import split_article
from knowledge.segment import key_texts
from knowledge.vectors import TextVectors, encode_texts, kept_as, pack, quantise, text_hash
from nlu.encoder import load_encoder
from webapp.db.database import Database

PLACES = "北京 上海 广州 深圳 杭州 成都 武汉 西安 南京 苏州 天津 重庆 长沙 郑州 青岛 厦门"
THINGS = "耳机 手表 键盘 音箱 路由器 扫地机 净水器 投影仪 台灯 电饭煲 吹风机 显示器 打印机"


class MovedVectors:
    """Encodes texts it has seen the original of by moving the original's vectors."""

    def __init__(self, noise: float) -> None:
        self._encoder = load_encoder(threads=2)
        self._noise = noise
        self._random = np.random.default_rng(7)
        self._known: dict[str, TextVectors] = {}
        self.original: dict[str, str] = {}

    def __call__(self, texts: Sequence[str]):
        return self._encoder.encode_with_tokens(texts)

    @property
    def fingerprint(self) -> str:
        return self._encoder.search_fingerprint

    def learn(self, texts: Sequence[str]) -> None:
        """Encode the originals, once."""
        for start in range(0, len(texts), 64):
            part = texts[start : start + 64]
            self._known.update(zip(part, encode_texts(self, part), strict=True))

    def moved(self, text: str) -> TextVectors:
        """The vectors of a text that was made from another."""
        known = self._known[self.original[text]]
        tokens = known.tokens.bytes * known.tokens.scales[:, None]
        return TextVectors(
            self._move(known.sentence), self._move(known.meaning), quantise(self._move(tokens))
        )

    def _move(self, rows: np.ndarray) -> np.ndarray:
        step = self._random.standard_normal(size=rows.shape, dtype=np.float32)
        step *= np.float32(self._noise) / np.linalg.norm(step, axis=-1, keepdims=True)
        step += rows
        step /= np.linalg.norm(step, axis=-1, keepdims=True)
        return step


def made_articles(originals: Sequence[Article], passages: int) -> Iterator[tuple[Article, Article]]:
    """Articles with their originals, until they hold as many passages."""
    places, things = PLACES.split(), THINGS.split()
    counts = [len(split_article(article)) for article in originals]
    count = number = 0
    while True:
        for article, own in zip(originals, counts, strict=True):
            if count >= passages:
                return
            place, thing = places[number % len(places)], things[number // 7 % len(things)]
            made = replace(
                article,
                id=f"{article.id}-{number}",
                title=f"{place}{thing}{number} {article.title}",
                product=thing,
                questions=tuple(f"{place}{thing}{number}{q}" for q in article.questions[:6]),
            )
            yield made, article
            number += 1
            count += own


def fill(db: Database, encoder: MovedVectors, originals: Sequence[Article], passages: int) -> None:
    """Write articles and vectors into the tables, 500 articles at a time; what is there stays."""
    with db.read() as work:
        there = {article.id for article in work.articles.published()}
    wanted = [pair for pair in made_articles(originals, passages) if pair[0].id not in there]
    if not wanted:
        return
    shorter = {a.id: replace(a, questions=a.questions[:6]) for a in originals}
    keys = {a.id: key_texts(a, split_article(a)) for a in shorter.values()}
    encoder.learn(list(dict.fromkeys(text for own in keys.values() for text in own)))
    for start in range(0, len(wanted), 500):
        vectors: dict[str, np.ndarray] = {}
        for made, original in wanted[start : start + 500]:
            own = key_texts(made, split_article(made))
            for text, source in zip(own, keys[original.id], strict=True):
                if text not in encoder.original:
                    encoder.original[text] = source
                    vectors[text_hash(text)] = pack(encoder.moved(text))
        with db.write() as work:
            work.vectors.put(vectors, encoder=kept_as(encoder.fingerprint))
            for made, _ in wanted[start : start + 500]:
                work.articles.put(made)
        sys.stderr.write(f"\rwritten: {min(start + 500, len(wanted))} of {len(wanted)} articles")
    sys.stderr.write("\n")
