"""Word documents as Markdown: headings, lists, tables, emphasis, links and pictures."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth

from webapp.conversion.document import BadDocument, Converted, must_unpack_small
from webapp.conversion.html import from_html
from webapp.conversion.pictures import PictureFolder

# Chinese Word and WPS name their headings so; the English names are known to the library.
_STYLES = "\n".join(
    [f"p[style-name='标题 {level}'] => h{level}:fresh" for level in range(1, 7)]
    + ["p[style-name='Title'] => h1:fresh", "p[style-name='标题'] => h1:fresh"]
)


def convert(path: Path, folder: Path) -> Converted:
    """The document of a Word file; raises BadDocument."""
    must_unpack_small(path)
    pictures = PictureFolder(folder)

    def keep(image: Any) -> dict[str, str]:
        with image.open() as opened:
            link = pictures.add(opened.read(), image.content_type or "")
        return {"src": link or ""}

    try:
        with path.open("rb") as file:
            result = mammoth.convert_to_html(
                file, style_map=_STYLES, convert_image=mammoth.images.img_element(keep)
            )
    except (zipfile.BadZipFile, KeyError, ExpatError, ValueError, OSError) as error:
        message = "it is no Word document (.docx), or damaged; open it in Word and save it anew."
        raise BadDocument(message) from error
    return from_html(result.value, pictures, title=path.stem)
