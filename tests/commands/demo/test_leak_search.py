"""The search for leaks finds a planted value in each form: else it would prove nothing."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.leaks import Leak, search, search_folder

NAMES = ["Asha Kulkarni", "राहुल गुप्ता", '"code":"4839"', "+919876543210"]


@pytest.mark.parametrize("name", NAMES)
class TestEachForm:
    def test_as_it_is(self, name: str) -> None:
        assert self.found(f"before {name} after".encode(), name) >= {"raw"}

    def test_escaped_in_json(self, name: str) -> None:
        assert self.found(json.dumps({"name": name}).encode(), name) >= {"json"}

    @pytest.mark.parametrize("upper", [False, True])
    def test_in_hex(self, name: str, upper: bool) -> None:
        written = f"x{name}y".encode().hex()
        assert self.found((written.upper() if upper else written).encode(), name) == {"hex"}

    @pytest.mark.parametrize("before", range(6))
    @pytest.mark.parametrize("after", range(3))
    @pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
    def test_in_base64_wherever_it_begins(
        self, name: str, before: int, after: int, encode: Callable[[bytes], bytes]
    ) -> None:
        written = encode(b"\xff" * before + name.encode() + b"\xfe" * after)
        assert f"base64+{before % 3}" in self.found(written, name)

    def test_another_value_is_not_found(self, name: str) -> None:
        others = [f"{other}{name[::-1]}" for other in NAMES]
        assert search(" ".join(others).encode(), [f"{name}!"], "here") == []

    def found(self, content: bytes, name: str) -> set[str]:
        return {leak.form for leak in search(content, [name], "here")}


def test_every_file_but_the_ones_left_out(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    for name in ("key", "clean", "logs/key", "logs/worker.log"):
        (tmp_path / name).write_text("nothing" if name == "clean" else "of Asha Kulkarni")
    searched = search_folder(tmp_path, ["Asha Kulkarni"], leave_out={"key"})
    assert searched.files == {"clean", "logs/key", "logs/worker.log"}
    assert {leak.where for leak in searched.leaks} == {"logs/key", "logs/worker.log"}
    assert Leak("Asha Kulkarni", "raw", "logs/worker.log") in searched.leaks
