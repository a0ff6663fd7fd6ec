"""A small world for tests: an encoder without weights, and examples of three intents."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.training_data import Example

FINGERPRINT = "toy"


def toy_encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Sums of hashed character pairs: texts that share words are near each other."""
    rows = np.zeros((len(texts), 48), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[0] = 1.0
        for pair in zip(f"^{text}", f"{text}$", strict=True):
            row[zlib.crc32("".join(pair).encode()) % 48] += 1.0
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / lengths).astype(np.float32)


_ITEMS = ("耳机", "面霜", "外套", "键盘", "水杯", "雨伞", "台灯", "背包")

EXAMPLES = tuple(
    [Example(f"我要退掉这个{item}", "apply_return") for item in _ITEMS]
    + [Example(f"{item}的快递到哪里了", "query_logistics") for item in _ITEMS]
    + [Example(f"{item}一个卖多少钱", "ask_price") for item in _ITEMS]
)

STRANGERS = tuple(
    Example(f"{city}{rest}", "out_of_scope")
    for city in ("北京", "上海", "广州", "成都", "西安")
    for rest in ("明天下雨吗", "有什么景点", "房价涨没涨", "地铁几点停", "申请落户条件")
)
