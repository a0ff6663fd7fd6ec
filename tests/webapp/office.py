"""Word, PDF and Excel files made by hand, as small as those programs would never write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def heading(words: str, level: int) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{level}"/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>'


def paragraph(words: str, *, bold: bool = False) -> str:
    style = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f"<w:p><w:r>{style}<w:t>{words}</w:t></w:r></w:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


PICTURE = (
    f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{_WP}"><wp:docPr id="1" name="p" descr="门口"/>'
    f'<a:graphic xmlns:a="{_A}"><a:graphicData><pic:pic xmlns:pic="{_PIC}"><pic:blipFill>'
    '<a:blip r:embed="rId2"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
    "</w:drawing></w:r></w:p>"
)


def docx(*body: str, picture: bytes | None = None, target: str = "media/p.png") -> bytes:
    """A Word document of parts made above, with the heading styles of a Chinese Word."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{level}"><w:name w:val="heading {level}"/>'
        "</w:style>"
        for level in (1, 2, 3)
    )
    rels = (
        f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId2" Type="{_R}/image" Target="{target}"/>'
    )
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" '
        f'Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELS}">{rels}</Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>'
        f"{''.join(body)}</w:body></w:document>",
    }
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        if picture is not None:
            archive.writestr("word/media/p.png", picture)
    return memory.getvalue()


def xlsx(**sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook of sheets of rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def pdf(*pages: Sequence[tuple[str, int, int]]) -> bytes:
    """A PDF of pages of (words, size, height above the bottom), in a font that is not in it."""
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        "/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000"
        "/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/Ascent 880"
        "/Descent -120/CapHeight 880/StemV 93/ItalicAngle 0/FontBBox[-25 -254 1000 880]>>>>]>>"
    )
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        font,
    ]
    for number, page in enumerate(pages):
        words = "".join(
            f"BT /F1 {size} Tf 72 {height} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for text, size, height in page
        )
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {5 + 2 * number} 0 R>>"
        )
        objects.append(f"<</Length {len(words)}>>\nstream\n{words}endstream")
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table_at = len(data)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    data += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{rows}".encode("ascii")
    end = f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{table_at}\n%%EOF\n"
    return data + end.encode("ascii")
