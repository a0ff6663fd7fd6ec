"""The marks of entities inside an example, `[杭州](region)`, read and written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from nlu.errors import BadTrainingData
from nlu.training_data import Annotation, Example

_MARK: Final = re.compile(
    r"\[(?P<text>[^\[\]]+)\](?:\((?P<entity>[^():]+)(?::(?P<value>[^()]*))?\)|(?P<json>\{[^{}]*\}))"
)
_FIELDS: Final = ("entity", "value", "role", "group")


def read_marks(marked: str, complain: Callable[[str], None]) -> tuple[str, tuple[Annotation, ...]]:
    """The plain text and its entities; what is wrong with a mark goes to `complain`."""
    plain: list[str] = []
    annotations: list[Annotation] = []
    length = last = 0
    for match in _MARK.finditer(marked):
        plain.append(marked[last : match.start()])
        length += len(plain[-1])
        last = match.end()
        end = length + len(match["text"])
        annotation = _annotation(match, length, end, complain)
        if annotation is not None:
            annotations.append(annotation)
        plain.append(match["text"])
        length = end
    plain.append(marked[last:])
    return "".join(plain), tuple(annotations)


def write_marks(example: Example) -> str:
    """The example with its entities marked.

    Raises BadTrainingData for a text that would be read as something else: Rasa's form has no way
    to write brackets that are no mark, nor entities that overlap.
    """
    parts: list[str] = []
    last = 0
    for a in sorted(example.annotations, key=lambda a: a.start):
        parts += [example.text[last : a.start], _mark(a, example.text[a.start : a.end])]
        last = a.end
    parts.append(example.text[last:])
    marked = "".join(parts)
    faults: list[str] = []
    wanted = tuple(sorted(example.annotations, key=lambda a: a.start))
    if read_marks(marked, faults.append) != (example.text, wanted) or faults:
        where = f"{example.place}: " if str(example.place) else ""
        raise BadTrainingData(
            f"{where}{example.text!r} cannot be written with Rasa's marks: its brackets would be"
            " read as an entity; change the text"
        )
    return marked


def _annotation(
    match: re.Match[str], start: int, end: int, complain: Callable[[str], None]
) -> Annotation | None:
    if match["entity"]:
        entity = match["entity"].strip()
        value = match["value"] if match["value"] is not None else match["text"]
        if not entity or not value:
            complain(f"{match[0]}: the {'value' if entity else 'entity'} is empty")
            return None
        return Annotation(entity, value, start, end)
    try:
        fields = json.loads(match["json"])
    except (ValueError, RecursionError) as error:
        complain(f"{match['json'][:80]} is not JSON: {error}")
        return None
    unknown = [name for name in fields if name not in _FIELDS]
    if not isinstance(fields.get("entity"), str):
        complain(f"{match['json']} names no entity")
        return None
    wrong = [name for name in _FIELDS if name in fields and not _is_sound(name, fields[name])]
    if wrong:
        complain(
            f"{match['json']}: {', '.join(wrong)} must be text that is not empty and can be saved"
        )
        return None
    if unknown:
        known = ", ".join(_FIELDS)
        complain(f"{match['json']} has {', '.join(unknown)}: an entity knows only {known}")
    return Annotation(
        fields["entity"],
        str(fields.get("value", match["text"])),
        start,
        end,
        role=str(fields.get("role", "")),
        group=str(fields.get("group", "")),
    )


def _is_sound(name: str, found: object) -> bool:
    """Whether a field can be kept: text that UTF-8 can hold, or a number for all but the entity."""
    if isinstance(found, str):
        empty = not found.strip() and name in ("entity", "value")
        return not empty and not any("\ud800" <= c <= "\udfff" for c in found)
    return name != "entity" and isinstance(found, int | float) and not isinstance(found, bool)


def _mark(a: Annotation, shown: str) -> str:
    if a.value == shown and not a.role and not a.group and not re.search(r"[():]", a.entity):
        return f"[{shown}]({a.entity})"
    fields = {"entity": a.entity, "value": a.value, "role": a.role, "group": a.group}
    kept = {k: v for k, v in fields.items() if v or k == "value"}
    if a.value == shown:
        del kept["value"]
    text = json.dumps(kept, ensure_ascii=False)
    # A brace would end the mark; JSON may spell it out.
    inner = text[1:-1].replace("{", "\\u007b").replace("}", "\\u007d")
    return f"[{shown}]{{{inner}}}"
