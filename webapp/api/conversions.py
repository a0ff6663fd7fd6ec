"""Documents of other kinds: what Word, PDF, HTML and Excel files hold, before it is taken over."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from flask import Blueprint, request
from pydantic import Field

from knowledge.links import rewrite_links
from knowledge.media import BadMedia
from webapp.auth.session import required_staff
from webapp.conversion.document import PICTURES, BadDocument, Converted, Document, split_by_headings
from webapp.conversion.run import ConversionBusy, convert
from webapp.current import now, services
from webapp.errors import InvalidInput, TooManyAttempts
from webapp.file_store import FileStore, link_to, safe_name
from webapp.operations import Answered, Operations
from webapp.problem_words import in_chinese
from webapp.records import ArticleFile, JsonObject
from webapp.shapes.wire import Wire

bp = Blueprint("api_conversions", __name__)
route = Operations(bp)

CONVERT_BYTES = 20 * 1024 * 1024
_PICTURE = re.compile(re.escape(PICTURES) + r"/([\w.\-]+)$")


class ConvertedPartOut(Wire):
    """A piece of a document that can be an article of its own."""

    title: str
    markdown: str


class ConvertedDocumentOut(ConvertedPartOut):
    """A document; `parts` are what it is when it is split at its highest headings."""

    parts: list[ConvertedPartOut] = Field(default_factory=list)


class ConversionRemarkOut(Wire):
    """Something to know about what was recognised, also in Chinese."""

    message: str
    message_zh: str


class ConvertedOut(Wire):
    """What was recognised in one file. Nothing of it is an article yet."""

    file: str
    documents: list[ConvertedDocumentOut]
    remarks: list[ConversionRemarkOut] = Field(default_factory=list)


@route(
    "POST",
    "/api/v1/articles/convert",
    upload="file",
    answers={200: ConvertedOut},
    problems=(429,),
    max_bytes=CONVERT_BYTES,
)
def convert_document() -> Answered:
    """Read a Word, PDF, HTML or Excel file as Markdown, to be looked at before it is an article"""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput("file: send one .docx, .pdf, .html or .xlsx as multipart field `file`.")
    name = safe_name(upload.filename)
    with tempfile.TemporaryDirectory(prefix="jiedai-convert-") as folder:
        path, out = Path(folder) / name, Path(folder) / "out"
        upload.save(path)
        out.mkdir()
        try:
            converted = convert(path, out)
        except BadDocument as error:
            words: JsonObject = {"message_zh": f"{name}：{in_chinese(str(error))}"}
            raise InvalidInput(f"{name}: {error}", details=words) from error
        except ConversionBusy as error:
            raise TooManyAttempts(str(error), retry_after=60) from error
        links = _keep_pictures(converted, out / PICTURES)
    documents = [_linked(document, links) for document in converted.documents]
    return ConvertedOut(
        file=name,
        documents=[_document_out(document) for document in documents],
        remarks=[
            ConversionRemarkOut(message=remark, message_zh=in_chinese(remark))
            for remark in converted.remarks
        ],
    )


def _keep_pictures(converted: Converted, folder: Path) -> dict[str, str]:
    """The pictures' links by their names; those that may not be kept become remarks."""
    store = FileStore(services().settings.files_folder)
    kept: dict[str, ArticleFile] = {}
    for name in converted.pictures:
        try:
            kept[name] = store.put(name, (folder / name).read_bytes())
        except BadMedia as error:
            converted.remarks.append(f"the picture {name} is left out: {error}")
    with services().db.write() as work:
        for file in kept.values():
            work.article_files.put(file, by=required_staff().name, now=now())
    return {name: link_to(file) for name, file in kept.items()}


def _linked(document: Document, links: dict[str, str]) -> Document:
    def rewrite(destination: str) -> str | None:
        picture = _PICTURE.match(destination)
        return links.get(picture[1]) if picture else None

    return Document(document.title, rewrite_links(document.markdown, rewrite))


def _document_out(document: Document) -> ConvertedDocumentOut:
    parts = split_by_headings(document)
    return ConvertedDocumentOut(
        title=document.title,
        markdown=document.markdown,
        parts=[
            ConvertedPartOut(title=part.title, markdown=part.markdown)
            for part in (parts if len(parts) > 1 else [])
        ],
    )
