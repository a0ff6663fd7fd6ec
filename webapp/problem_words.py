"""What is said of imported and converted files, in Chinese: `translations/problems.zh.yml`, and for
the words of PyYAML `translations/yaml.zh.yml`."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "translations"
_FILES = (_FOLDER / "problems.zh.yml", _FOLDER / "yaml.zh.yml")
_NAME = re.compile(r"\{(\w+)\}")


def in_chinese(message: str) -> str:
    """A message in Chinese; the message itself where there are no words for it."""
    for pattern, words in _sentences():
        match = pattern.fullmatch(message)
        if match:
            said = {
                name: in_chinese(text) if name == "reason" else text
                for name, text in match.groupdict().items()
            }
            return _NAME.sub(partial(_filled, said), words)
    return message


def _filled(said: dict[str, str], place: re.Match[str]) -> str:
    return said[place[1]]


@cache
def _sentences() -> list[tuple[re.Pattern[str], str]]:
    pairs = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in _FILES]
    return [(_pattern(english), chinese) for part in pairs for english, chinese in part]


def _pattern(english: str) -> re.Pattern[str]:
    parts = _NAME.split(english)
    text = "".join(
        f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    )
    return re.compile(text, re.DOTALL)
