"""The command that `make check` runs, on copies of the models with one line changed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compatibility.files import ROOT

CHANGES = {
    "a removed field": (
        "payload/order_group.py",
        "    awb_number: Text | None = None\n",
        "",
        "data.order.awb_number: was removed or renamed",
    ),
    "a renamed field": (
        "payload/groups.py",
        "    vehicle_number: Text",
        "    number_plate: Text",
        "data.rider.vehicle_number: was removed or renamed",
    ),
    "optional fields": (
        "payload/group_parts.py",
        "        json_schema_serialization_defaults_required=True,\n",
        "",
        "data.order.tracking_url: is not required",
    ),
    "a nullable field": (
        "payload/groups.py",
        "    reason_category: Literal[",
        "    reason_category: None | Literal[",
        "data.failure.reason_category: may now be null",
    ),
    "a widened enum": (
        "payload/order_group.py",
        'payment_mode: Literal["prepaid", "cod"]',
        'payment_mode: Literal["prepaid", "cod", "upi"]',
        "data.order.payment_mode: takes new values upi",
    ),
    "a loosened pattern": (
        "payload/fields.py",
        'pattern=r"^[1-9][0-9]{5}$"',
        'pattern=r"^[0-9]{6}$"',
        "data.order.delivery_address.pincode: pattern was",
    ),
    "a loosened format": (
        "payload/fields.py",
        '            "format": "date-time",\n',
        "",
        "timestamp: format was date-time, now not there",
    ),
    "a loosened bound": (
        "payload/text.py",
        "LONGEST_TEXT = 500",
        "LONGEST_TEXT = 600",
        "data.order.order_id: maxLength was 500, now 600",
    ),
}


class TestTheGate:
    def test_the_code_as_it_is_passes(self) -> None:
        assert run("check", ROOT).returncode == 0

    @pytest.mark.parametrize("name", CHANGES)
    def test_a_break_stops_it_and_is_named(self, copied: Path, name: str) -> None:
        file, line, instead, sentence = CHANGES[name]
        edit(copied / "contracts" / file, line, instead)
        ended = run("check", copied)
        assert ended.returncode == 1
        assert sentence in ended.stderr

    def test_an_added_field_passes_once_it_is_written(self, copied: Path) -> None:
        edit(
            copied / "contracts" / "payload/order_group.py",
            "    tracking_url: Url | None = None\n",
            "    tracking_url: Url | None = None\n    gift_note: Text | None = None\n",
        )
        late = run("check", copied)
        assert late.returncode == 1
        assert "run: make schema\n  contracts/schemas/1.0.json" in late.stderr
        assert run("write", copied).returncode == 0
        assert run("check", copied).returncode == 0

    def test_a_break_is_not_released(self, copied: Path) -> None:
        released = copied / "contracts" / "schemas" / "released" / "1.0.json"
        before = released.read_text()
        edit(
            copied / "contracts" / "payload/order_group.py",
            "    weight_grams: Count | None",
            "    weight: Count",
        )
        run("write", copied)
        assert run("release", copied).returncode == 1
        assert released.read_text() == before

    def test_make_check_runs_it(self) -> None:
        [recipe] = re.findall(r"^check:.*\n((?:\t.+\n)+)", (ROOT / "Makefile").read_text(), re.M)
        assert "$(BIN)/python -m compatibility check\n" in recipe


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of what the command needs."""
    for folder in ("contracts", "compatibility", "docs/examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def edit(file: Path, line: str, instead: str) -> None:
    """Change one place of a file."""
    text = file.read_text()
    assert text.count(line) == 1, line
    file.write_text(text.replace(line, instead))


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command on the models of a folder."""
    return subprocess.run(
        [sys.executable, "-m", "compatibility", command],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
