"""Takes out of pictures what a camera or an editor wrote into them: place, owner, serial numbers.

The picture itself is not decoded, so nothing of it is lost and nothing large is unpacked. Of a
JPEG's Exif data the orientation stays, without which phones' pictures would lie on their side.
Formats: JPEG (ITU-T T.81 annex B; Exif 2.32), PNG (W3C PNG 3rd edition), WebP (RFC 9649).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from knowledge.media import BadMedia

_EXIF = b"Exif\0\0"
# APP1 (Exif, XMP), APP13 (Photoshop, IPTC), comments
_JPEG_DROPPED = frozenset({0xE1, 0xED, 0xFE})
_PNG_DROPPED = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = ~(0x08 | 0x04) & 0xFF  # of VP8X: there is Exif, there is XMP


def without_metadata(data: bytes, media_type: str) -> bytes:
    """The same picture without metadata; files of other kinds as they are.

    Raises BadMedia about a picture whose parts cannot be told from one another.
    """
    strip = {
        "image/jpeg": _jpeg,
        "image/png": _png,
        "image/webp": _webp,
    }.get(media_type)
    if strip is None:
        return data
    try:
        return strip(data)
    except (struct.error, IndexError, ValueError) as error:
        raise BadMedia("the picture is damaged; open it and save it anew.") from error


def _jpeg(data: bytes) -> bytes:
    kept = [data[:2]]
    orientation = 1
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:  # until the scan begins
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        (size,) = struct.unpack_from(">H", data, at + 2)
        segment = data[at : at + 2 + size]
        if marker not in _JPEG_DROPPED:
            kept.append(segment)
        elif segment[4:10] == _EXIF:
            orientation = _orientation(segment[10:])
        at += 2 + size
    if orientation != 1:
        place = 2 if len(kept) > 1 and kept[1][1] == 0xE0 else 1  # JFIF's segment comes first
        kept.insert(place, _exif_segment(orientation))
    return b"".join(kept) + data[at:]


def _orientation(tiff: bytes) -> int:
    """The orientation, 1 to 8, that an Exif block tells; 1 (upright) when it tells none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if tag == 0x0112 and kind == 3 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return 1
    return 1


def _exif_segment(orientation: int) -> bytes:
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)
    body = _EXIF + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> bytes:
    kept = [data[:8]]
    at = 8
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        chunk = data[at : at + 12 + size]
        kind = chunk[4:8]
        if len(chunk) < 12 + size:
            raise ValueError("the last chunk is cut off")
        if kind not in _PNG_DROPPED:
            kept.append(chunk)
        elif kind == b"eXIf" and (orientation := _orientation(chunk[8:-4])) != 1:
            kept.append(_png_chunk(b"eXIf", _exif_segment(orientation)[10:]))
        at += 12 + size
        if kind == b"IEND":  # what follows is no part of the picture
            break
    return b"".join(kept)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def _webp(data: bytes) -> bytes:
    kept = []
    for kind, body in _riff_chunks(data):
        if kind in _WEBP_DROPPED:
            continue
        if kind == b"VP8X" and body:
            body = bytes([body[0] & _WEBP_FLAGS]) + body[1:]
        kept.append(kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2))
    whole = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        (size,) = struct.unpack_from("<I", data, at + 4)
        body = data[at + 8 : at + 8 + size]
        if len(body) < size:
            raise ValueError("the last chunk is cut off")
        yield data[at : at + 4], body
        at += 8 + size + size % 2
