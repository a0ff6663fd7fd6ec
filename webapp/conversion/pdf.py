"""PDF as Markdown: paragraphs, and headings by the size of their letters.

A PDF knows where letters stand, not what they are; tables and columns come out as lines of text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException

from webapp.conversion.document import BadDocument, Converted, Document, escaped

MAX_PAGES = 500
_LARGER = 1.15
"""How much larger than the text a heading's letters are."""
_LONGEST_HEADING = 60
_EDGE = 0.08
"""The part of a page above and below which running heads and page numbers stand in."""
_FULL = 0.9
_WIDE = 0.6
"""The part of a page that text must reach to the right, to tell a full line from a short one."""
_FINAL = frozenset("。！？；：.!?;:…”」）)")
# Kangxi radicals and those of the supplement, compatibility ideographs, Latin ligatures
_SHAPES = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
_LOST = re.compile(r"\(cid:\d+\)")
_BULLET = re.compile(r"^\s*[•●○▪■◆·‣]\s*")
_NUMBER = re.compile(r"^[-—\s]*(第\s*)?\d+(\s*/\s*\d+)?(\s*页)?[-—\s]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    page: int
    at_edge: bool
    ends_box: bool
    is_full: bool
    """Whether it reaches as far to the right as text does on its page."""


def convert(path: Path, folder: Path) -> Converted:
    """The document of a PDF; raises BadDocument."""
    try:
        lines = list(_lines(path))
    except (PDFPasswordIncorrect, PDFTextExtractionNotAllowed) as error:
        raise BadDocument("it is locked; save a copy without a password.") from error
    except (PDFException, PSException, ValueError, TypeError, KeyError, OSError) as error:
        raise BadDocument("it is no PDF, or damaged; open it and save it anew.") from error
    lines = _without_running_heads(lines)
    words = "".join(line.text for line in lines)
    if not re.search(r"\w", words):
        message = "there is no text in it, so it is scanned; use a PDF with text, or type it."
        raise BadDocument(message)
    converted = Converted()
    lost = len(_LOST.findall(words))
    if lost * 20 > len(words):
        raise BadDocument("its letters cannot be read (fonts are missing); save it as Word.")
    if lost:
        converted.remarks.append(f"{lost} letters could not be read and are left out; see to them.")
    if lines[-1].page >= MAX_PAGES:
        converted.remarks.append(f"only the first {MAX_PAGES} pages were taken; split the PDF.")
    title, markdown = _markdown(lines, path.stem)
    converted.documents.append(Document(title, markdown))
    return converted


def _lines(path: Path) -> Iterator[_Line]:
    pages = extract_pages(path, maxpages=MAX_PAGES, laparams=LAParams(boxes_flow=0.5))
    for number, page in enumerate(pages, 1):
        boxes = [box for box in page if isinstance(box, LTTextBox)]
        right = max((box.x1 for box in boxes), default=0.0)
        full = right * _FULL if right > page.width * _WIDE else float("inf")
        for box in boxes:
            yield from _of_box(box, page, number, full)


def _of_box(box: LTTextBox, page: LTPage, number: int, full: float) -> Iterator[_Line]:
    lines = [line for line in box if isinstance(line, LTTextLine)]
    for place, line in enumerate(lines):
        sizes = Counter(round(char.size, 1) for char in line if isinstance(char, LTChar))
        text = " ".join(_usual(line.get_text()).split())
        if not text or not sizes:
            continue
        height = page.height or 1
        at_edge = line.y0 > height * (1 - _EDGE) or line.y1 < height * _EDGE
        ends = place == len(lines) - 1
        yield _Line(text, sizes.most_common(1)[0][0], number, at_edge, ends, line.x1 >= full)


def _usual(text: str) -> str:
    """The characters that people type: fonts in PDFs name a radical (U+2F3F) where a character of
    the same shape is meant (手), and a ligature where there are two letters; a search finds
    neither."""
    return _SHAPES.sub(lambda shape: unicodedata.normalize("NFKC", shape[0]), text)


def _without_running_heads(lines: list[_Line]) -> list[_Line]:
    """Without page numbers, and without what stands at the edge of three pages or more."""
    pages: dict[str, set[int]] = {}
    for line in lines:
        if line.at_edge:
            pages.setdefault(re.sub(r"\d+", "0", line.text), set()).add(line.page)
    again = {text for text, on in pages.items() if len(on) >= 3}
    return [
        line
        for line in lines
        if not line.at_edge
        or (re.sub(r"\d+", "0", line.text) not in again and not _NUMBER.match(line.text))
    ]


def _markdown(lines: list[_Line], stem: str) -> tuple[str, str]:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    body = letters.most_common(1)[0][0]
    sizes = sorted({line.size for line in lines if _is_heading(line, body)}, reverse=True)
    levels = {size: min(level, 4) for level, size in enumerate(sizes, 1)}
    blocks: list[str] = []
    paragraph = ""
    title = ""
    for line in lines:
        text = _LOST.sub("", line.text).strip()
        if _is_heading(line, body):
            blocks += [paragraph, f"{'#' * levels[line.size]} {escaped(text)}"]
            paragraph, title = "", title or text
        elif _BULLET.match(text):
            blocks += [paragraph, f"- {escaped(_BULLET.sub('', text))}"]
            paragraph = ""
        else:
            paragraph = _joined(paragraph, text)
            # Lines far apart are boxes of their own, though the sentence goes on.
            if line.ends_box and not (line.is_full and text[-1] not in _FINAL):
                blocks.append(escaped(paragraph))
                paragraph = ""
    blocks.append(escaped(paragraph))
    return (title or stem)[:300], "\n\n".join(block for block in blocks if block.strip())


def _is_heading(line: _Line, body: float) -> bool:
    return line.size > body * _LARGER and len(line.text) <= _LONGEST_HEADING


def _joined(before: str, text: str) -> str:
    """Two lines as one; between Latin words there is a space, between Chinese ones none."""
    if not before:
        return text
    latin = before[-1].isascii() and text[:1].isascii()
    return f"{before} {text}" if latin else before + text
