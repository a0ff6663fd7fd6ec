"""Bring text to one form and cut it into the terms that word search counts."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources

from opencc import OpenCC

_TO_SIMPLIFIED = OpenCC("t2s")
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+(?:\.\d+)?")
_ENDINGS = re.compile(r"(?<=[a-z]{3})(?:ing|ies|es|ed|s|y)$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Full width to half, capitals to small, traditional characters to simplified."""
    folded = unicodedata.normalize("NFKC", text).lower()
    converted: str = _TO_SIMPLIFIED.convert(folded) if _CHINESE.search(folded) else folded
    return converted


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in the text."""
    return _CHINESE.search(text) is not None


def terms(text: str) -> list[str]:
    """Terms with repetitions: Chinese characters and their neighbouring pairs, English stems,
    numbers; without the words that questions share (怎么, how to …).
    """
    found: list[str] = []
    for run in _RUN.findall(_question_words().sub(" ", normalise(text))):
        if "\u3400" <= run[0] <= "\u9fff":
            found += run
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(_ENDINGS.sub("", run) if len(run) > 3 else run)
    return found


@lru_cache(maxsize=1)
def _question_words() -> re.Pattern[str]:
    text = resources.files("knowledge").joinpath("question_words.txt").read_text(encoding="utf-8")
    words = sorted({line for line in text.splitlines() if line}, key=lambda w: (-len(w), w))
    chinese = "|".join(re.escape(word) for word in words if is_chinese(word))
    english = "|".join(re.escape(word) for word in words if not is_chinese(word))
    return re.compile(rf"{chinese}|\b(?:{english})\b")
