"""Logos as partners upload them: what they may be, read from their bytes, and without metadata.

A PNG, JPEG or WebP file is a row of parts that each say how long they are. They are walked from end
to end; those that draw the picture are kept, all others (EXIF with its places, XMP, comments,
profiles, thumbnails) are left out, and so is whatever stands behind the picture. SVG can run
scripts: it is none of these.

Sources: PNG (W3C, third edition), sections 5 and 11; JPEG (ITU-T T.81), annex B; WebP (RFC 9649).
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from contracts.errors import Invalid
from contracts.refusals import Refusal

MOST_LOGO_BYTES = 100 * 1024
MOST_LOGO_SIDE = 1024

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"})
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive: what browsers draw."""
_JPEG_KEPT = frozenset({0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xEE}) | _JPEG_FRAMES
"""Tables, frames and scans; the JFIF head, and Adobe's, which says what the colours are."""
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_ALPHA_ONLY = 0x10


@dataclass(frozen=True)
class Logo:
    """A picture that may be served: its type by its content, and its bytes without metadata."""

    media_type: str
    content: bytes = field(repr=False)
    width: int
    height: int


def read_logo(upload: bytes) -> Logo:
    """The logo in an upload. Invalid says what is wrong with one that may not be shown."""
    if len(upload) > MOST_LOGO_BYTES:
        raise _unfit(f"send at most {MOST_LOGO_BYTES // 1024} kB", Refusal.LOGO_TOO_LARGE)
    try:
        logo = _read(upload)
    except (struct.error, IndexError):
        raise _unfit("the file is not whole: export it once more") from None
    if not (0 < logo.width <= MOST_LOGO_SIDE and 0 < logo.height <= MOST_LOGO_SIDE):
        raise _unfit(
            f"make it at most {MOST_LOGO_SIDE} pixels wide and high", Refusal.LOGO_TOO_WIDE
        )
    return logo


def _unfit(message: str, cause: Refusal = Refusal.LOGO_DAMAGED) -> Invalid:
    return Invalid(message, field="logo", cause=cause)


def _read(upload: bytes) -> Logo:
    if upload.startswith(_PNG):
        return _png(upload)
    if upload.startswith(b"\xff\xd8\xff"):
        return _jpeg(upload)
    if upload[:4] == b"RIFF" and upload[8:12] == b"WEBP":
        return _webp(upload)
    raise _unfit("send a PNG, JPEG or WebP file", Refusal.LOGO_KIND)


def _png(upload: bytes) -> Logo:
    chunks = list(_png_chunks(upload))
    names = [name for name, _ in chunks]
    if names[0] != b"IHDR" or b"IDAT" not in names or names[-1] != b"IEND":
        raise _unfit("the PNG has no picture: export it once more")
    width, height = struct.unpack_from(">II", chunks[0][1])
    kept = b"".join(_png_chunk(name, data) for name, data in chunks if name in _PNG_KEPT)
    return Logo("image/png", _PNG + kept, width, height)


def _png_chunks(upload: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, name = len(_PNG), b""
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", upload, at)
        data = upload[at + 8 : at + 8 + size]
        (check,) = struct.unpack_from(">I", upload, at + 8 + size)
        if check != zlib.crc32(name + data):
            raise _unfit("the PNG is damaged: export it once more")
        yield name, data
        at += size + 12


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), name) + data + struct.pack(">I", zlib.crc32(name + data))


def _jpeg(upload: bytes) -> Logo:
    kept, width, height, at = [b"\xff\xd8"], 0, 0, 2
    while (marker := _jpeg_marker(upload, at)) != 0xD9:
        (size,) = struct.unpack_from(">H", upload, at + 2)
        end = at + 2 + size
        if marker == 0xDA:
            end = _jpeg_scan_end(upload, end)
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", upload, at + 5)
        if marker in _JPEG_KEPT:
            kept.append(upload[at:end])
        at = end
    return Logo("image/jpeg", b"".join([*kept, b"\xff\xd9"]), width, height)


def _jpeg_marker(upload: bytes, at: int) -> int:
    if upload[at] != 0xFF:
        raise _unfit("the JPEG is damaged: export it once more")
    return upload[at + 1]


def _jpeg_scan_end(upload: bytes, at: int) -> int:
    """Where the picture's data end: at a marker that is neither a stuffed byte nor a restart."""
    while True:
        at = upload.find(b"\xff", at)
        if at < 0:
            raise IndexError
        if upload[at + 1] != 0x00 and not 0xD0 <= upload[at + 1] <= 0xD7:
            return at
        at += 2


def _webp(upload: bytes) -> Logo:
    chunks = dict(_webp_chunks(upload))
    picture = next((name for name in (b"VP8 ", b"VP8L") if name in chunks), None)
    if picture is None:
        raise _unfit("send a WebP file with one still picture", Refusal.LOGO_KIND)
    width, height = (_lossy_size if picture == b"VP8 " else _lossless_size)(chunks[picture])
    kept = [(name, data) for name, data in chunks.items() if name in _WEBP_KEPT]
    if b"ALPH" in chunks:
        canvas = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
        kept.insert(0, (b"VP8X", bytes([_ALPHA_ONLY, 0, 0, 0]) + canvas))
    body = b"WEBP" + b"".join(_webp_chunk(name, data) for name, data in kept)
    return Logo("image/webp", b"RIFF" + struct.pack("<I", len(body)) + body, width, height)


def _webp_chunks(upload: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack_from("<I", upload, 4)
    at, end = 12, size + 8
    if end > len(upload):
        raise IndexError
    while at < end:
        name, size = struct.unpack_from("<4sI", upload, at)
        if at + 8 + size > end:
            raise IndexError
        yield name, upload[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _webp_chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _lossy_size(data: bytes) -> tuple[int, int]:
    if data[3:6] != b"\x9d\x01\x2a":
        raise _unfit("the WebP is damaged: export it once more")
    width, height = struct.unpack_from("<HH", data, 6)
    return width & 0x3FFF, height & 0x3FFF


def _lossless_size(data: bytes) -> tuple[int, int]:
    if data[0] != 0x2F:
        raise _unfit("the WebP is damaged: export it once more")
    (bits,) = struct.unpack_from("<I", data, 1)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
