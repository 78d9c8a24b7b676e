"""Pictures as partners upload them, made byte by byte."""

import struct
import zlib

MARK = b"Exif: 12 MG Road, Bengaluru"
"""What metadata may say, and nobody is to be served."""


def a_png(width: int = 2, height: int = 2, *, extra: bytes = b"", behind: bytes = b"") -> bytes:
    """A red PNG; `extra` is the text of a comment."""
    rows = b"".join(b"\x00" + b"\xc0\x20\x30" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    comment = _chunk(b"tEXt", b"Comment\x00" + extra) if extra else b""
    picture = _chunk(b"IDAT", zlib.compress(rows))
    parts = (_chunk(b"IHDR", head), comment, picture, _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + behind


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), name) + data + struct.pack(">I", zlib.crc32(name + data))


def a_jpeg(width: int = 2, height: int = 2, *, extra: bytes = b"", behind: bytes = b"") -> bytes:
    """A JPEG's parts in their order; its picture is a few bytes of a scan."""
    exif = _segment(0xE1, b"Exif\x00\x00" + extra) if extra else b""
    frame = _segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    parts = (_segment(0xE0, b"JFIF\x00" + bytes(9)), exif, _segment(0xDB, bytes(65)), frame, scan)
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9" + behind


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def a_webp(
    width: int = 2,
    height: int = 2,
    *,
    lossless: bool = False,
    extra: bytes = b"",
    behind: bytes = b"",
) -> bytes:
    """A WebP file's chunks; its picture is a head with its size."""
    if lossless:
        bits = (width - 1) | (height - 1) << 14
        picture = _riff_chunk(b"VP8L", b"\x2f" + struct.pack("<I", bits))
    else:
        picture = _riff_chunk(
            b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
        )
    body = b"WEBP" + picture + (_riff_chunk(b"EXIF", extra) if extra else b"")
    return b"RIFF" + struct.pack("<I", len(body)) + body + behind


def _riff_chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
