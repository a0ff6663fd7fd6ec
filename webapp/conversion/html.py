"""HTML as Markdown, without what runs, and without what is only for screens."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path

from bs4 import BeautifulSoup, Comment, Tag
from markdownify import ATX, MarkdownConverter

from knowledge.encodings import Undecodable, decode_text
from webapp.conversion.document import PICTURES, BadDocument, Converted, Document
from webapp.conversion.pictures import PictureFolder

_GONE = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "form",
    "input", "button", "select", "textarea", "svg", "math", "canvas", "audio", "video", "link",
    "meta", "base", "frame", "frameset", "nav",
)  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?\s*([\w.\-]{2,20})", re.IGNORECASE)
_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,(.*)", re.DOTALL)
_SCHEMES = ("http://", "https://", "mailto:")


def convert(path: Path, folder: Path) -> Converted:
    """The document of an HTML file; raises BadDocument."""
    return from_html(_decode(path.read_bytes()), PictureFolder(folder), title=path.stem)


def from_html(html: str, pictures: PictureFolder, *, title: str) -> Converted:
    """A document from HTML; pictures inside it become files. Raises BadDocument."""
    soup = BeautifulSoup(html, "html.parser")
    named = soup.title.get_text(" ", strip=True) if soup.title else ""
    converted = Converted()
    _clean(soup, pictures, converted.remarks)
    heading = soup.find("h1")
    if isinstance(heading, Tag):
        named = heading.get_text(" ", strip=True) or named
    body = soup.body or soup
    markdown = MarkdownConverter(
        heading_style=ATX, bullets="-", table_infer_header=True, wrap=False
    ).convert_soup(body)
    markdown = re.sub(r"[ \t]+\n", "\n", str(markdown))
    markdown = re.sub(r"\n{3,}", "\n\n", markdown).strip()
    if not re.search(r"\w", markdown):
        raise BadDocument("there is no text in it; see that it is the right file.")
    converted.documents.append(Document(named[:300] or title, markdown))
    converted.pictures = pictures.names
    converted.remarks += pictures.remarks
    return converted


def _clean(soup: BeautifulSoup, pictures: PictureFolder, remarks: list[str]) -> None:
    for node in soup(_GONE):
        if node.name != "title":
            node.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    if soup.title:
        soup.title.decompose()
    for image in soup.find_all("img"):
        _keep_picture(image, pictures, remarks)
    for link in soup.find_all("a"):
        to = str(link.get("href") or "").strip()
        if not to.lower().startswith(_SCHEMES):
            link.unwrap()


def _keep_picture(image: Tag, pictures: PictureFolder, remarks: list[str]) -> None:
    source = str(image.get("src") or "").strip()
    if source.removeprefix(f"{PICTURES}/") in pictures.names:  # from a Word file
        return
    inside = _DATA.match(source)
    if inside:
        try:
            name = pictures.add(base64.b64decode(inside[2]), inside[1])
        except (binascii.Error, ValueError):
            name = None
        if name:
            image["src"] = name
            return
    elif source.lower().startswith(("http://", "https://")):
        return
    elif source:
        remarks.append(f"the picture {source[:80]!r} is not inside the file; add it by hand.")
    image.decompose()


def _decode(data: bytes) -> str:
    said = _CHARSET.search(data[:4096])
    if said:
        try:
            return data.decode(said[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # it says something else than it is
    try:
        return decode_text(data).text
    except Undecodable as error:
        raise BadDocument(str(error)) from error
