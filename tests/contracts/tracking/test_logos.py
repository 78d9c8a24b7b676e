"""Logos are pictures and nothing else."""

import struct
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Invalid
from contracts.tracking.logos import MOST_LOGO_SIDE, read_logo
from tests.support.pictures import MARK, a_jpeg, a_png, a_webp


class TestLogos:
    @pytest.mark.parametrize(
        ("upload", "media_type"),
        [
            (a_png(30, 20, extra=MARK, behind=MARK), "image/png"),
            (a_jpeg(30, 20, extra=MARK, behind=MARK), "image/jpeg"),
            (a_webp(30, 20, extra=MARK, behind=MARK), "image/webp"),
            (a_webp(30, 20, lossless=True, extra=MARK), "image/webp"),
        ],
        ids=["png", "jpeg", "webp", "lossless webp"],
    )
    def test_it_is_known_by_its_bytes_and_loses_what_it_says(
        self, upload: bytes, media_type: str
    ) -> None:
        assert MARK in upload
        logo = read_logo(upload)
        assert (logo.media_type, logo.width, logo.height) == (media_type, 30, 20)
        assert MARK not in logo.content
        assert read_logo(logo.content) == logo

    @pytest.mark.parametrize("make", [a_png, a_jpeg, a_webp])
    def test_one_that_is_too_large_or_has_no_size_is_refused(
        self, make: Callable[[int, int], bytes]
    ) -> None:
        read_logo(make(MOST_LOGO_SIDE, 1))
        for width, height in ((MOST_LOGO_SIDE + 1, 1), (1, MOST_LOGO_SIDE + 1)):
            with pytest.raises(Invalid):
                read_logo(make(width, height))

    @pytest.mark.parametrize("make", [a_png, a_jpeg, a_webp])
    def test_half_of_one_is_refused_wherever_it_ends(
        self, make: Callable[[int, int], bytes]
    ) -> None:
        whole = make(3, 3)
        for end in range(len(whole)):
            with pytest.raises(Invalid):
                read_logo(whole[:end])

    @given(st.sampled_from([a_png(), a_jpeg(), a_webp()]), st.data())
    def test_a_damaged_one_is_refused_or_read_and_nothing_else(
        self, whole: bytes, data: st.DataObject
    ) -> None:
        at = data.draw(st.integers(0, len(whole) - 1))
        damaged = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
        with suppress(Invalid):
            read_logo(damaged)

    @given(st.binary(max_size=200))
    def test_nothing_else_is_one(self, upload: bytes) -> None:
        with pytest.raises(Invalid):
            read_logo(upload)

    def test_no_more_than_100_kb(self) -> None:
        with pytest.raises(Invalid):
            read_logo(a_png(extra=b"x" * 101 * 1024))

    @pytest.mark.parametrize("text", [b"<svg onload='alert(1)'/>", b"GIF89a" + bytes(40), b"BM"])
    def test_no_other_format_is_taken(self, text: bytes) -> None:
        with pytest.raises(Invalid):
            read_logo(text)

    def test_a_moving_webp_is_refused(self) -> None:
        chunk = b"ANIM" + struct.pack("<I", 6) + bytes(6)
        body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes(10) + chunk
        with pytest.raises(Invalid):
            read_logo(b"RIFF" + struct.pack("<I", len(body)) + body)
