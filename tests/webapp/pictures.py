"""Small pictures as a camera or a drawing program writes them, with and without what they tell."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

GPS = 0x8825
ORIENTATION = 0x0112
MAKER = 0x010F


def picture(kind: str = "PNG", *, colour: str = "red", **saved: Any) -> bytes:
    """A picture of 8 × 4 pixels."""
    memory = io.BytesIO()
    Image.new("RGB", (8, 4), colour).save(memory, kind, **saved)
    return memory.getvalue()


def from_phone(kind: str = "JPEG", *, orientation: int = 6) -> bytes:
    """A picture that tells where and with what it was taken."""
    exif = Image.Exif()
    exif[MAKER] = "PhoneMaker"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (IFDRational(31), IFDRational(13), IFDRational(49))
    return picture(kind, exif=exif)


def png_with_text(words: bytes) -> bytes:
    """A PNG with a text in a chunk of its own."""
    plain = picture("PNG")
    body = b"tEXt" + b"Comment\0" + words
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return plain[:33] + chunk + plain[33:]


def exif_of(data: bytes) -> Image.Exif:
    """What a picture tells."""
    return Image.open(io.BytesIO(data)).getexif()


def pixels_of(data: bytes) -> bytes:
    """What it shows."""
    return Image.open(io.BytesIO(data)).convert("RGB").tobytes()
