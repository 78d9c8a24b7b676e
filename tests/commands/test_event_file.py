"""One object, a list, or lines of JSON: every kind of file that people have."""

from pathlib import Path

import pytest

from commands.errors import CommandFailed
from commands.event_file import parse_events, read_events


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('{\n  "a": 1\n}\n', [{"a": 1}]),
        ('[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        ('{"a": 1}\n\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ('\ufeff{"a": 1}', [{"a": 1}]),
    ],
    ids=["object", "object over lines", "list", "lines", "byte order mark"],
)
def test_reads(text: str, events: list[object], tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text(text, encoding="utf-8")
    assert read_events(str(file)) == events


def test_says_that_a_file_is_no_json() -> None:
    with pytest.raises(CommandFailed, match=r"orders\.csv: neither JSON nor JSON lines"):
        parse_events("order_id,city\n1,Pune\n", "orders.csv")


@pytest.mark.parametrize("text", ["[]", "", "\n"])
def test_says_that_a_file_is_empty(text: str, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text(text)
    with pytest.raises(CommandFailed, match=r"no event in it|neither JSON"):
        read_events(str(file))


def test_says_that_a_file_is_not_there() -> None:
    with pytest.raises(CommandFailed, match="cannot be read"):
        read_events("/nowhere/events.json")
