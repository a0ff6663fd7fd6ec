"""Reads the values of YAML that people write, and says of any other text that it is none."""

from __future__ import annotations

import yaml


def read_values(text: str) -> object:
    """What a document holds, as plain lists, mappings, texts, numbers and dates.

    Raises ValueError with what is wrong. PyYAML's own errors are no ValueError, and it lets others
    through for values that are not what they look like: `2026-13-01` is no date.
    """
    try:
        return yaml.safe_load(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except (yaml.YAMLError, AttributeError, KeyError) as error:
        raise ValueError(str(error)) from error
