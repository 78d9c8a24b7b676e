"""Columns for people: aligned, whole, and with a dash for nothing."""

import io
from datetime import datetime, timedelta

from rich.console import Console

from commands.groups.options import moment
from commands.printing import facts, table
from commands.progress_bars import progress_bar
from contracts.clock import utc_now

ITEM = {"id": "ep_1", "on": True, "types": ["a", "b"], "health": {"state": "well"}, "gone": None}


def test_columns_are_as_wide_as_what_is_in_them() -> None:
    columns = {"ID": "id", "ON": "on", "HEALTH": "health.state", "GONE": "gone.state"}
    assert table([ITEM, {**ITEM, "id": "ep_1000"}], columns) == [
        "ID       ON   HEALTH  GONE",
        "ep_1     yes  well    -",
        "ep_1000  yes  well    -",
    ]


def test_times_are_shown_to_the_second_and_nothing_as_a_dash() -> None:
    item = {"at": "2026-01-02T03:04:05.678901Z", "said": ""}
    assert table([item], {"AT": "at", "IT SAID": "said"})[1] == "2026-01-02T03:04:05Z  -"


def test_nothing_is_no_table() -> None:
    assert table([], {"ID": "id"}) == []


def test_facts_that_are_not_known_are_left_out() -> None:
    assert facts(ITEM, {"gets": "types", "gone since": "gone"}) == ["gets        a, b"]


def test_an_age_is_counted_back_and_anything_else_left_as_it_is() -> None:
    assert moment(None) is None
    assert moment("2026-01-02T03:04:05Z") == "2026-01-02T03:04:05Z"
    counted = datetime.fromisoformat(moment("90m") or "")
    assert timedelta(minutes=90) <= utc_now() - counted < timedelta(minutes=95)


def test_a_bar_is_shown_on_a_terminal_only() -> None:
    shown = {}
    for terminal in (True, False):
        out = io.StringIO()
        console = Console(file=out, force_terminal=terminal, width=80)
        with progress_bar("sending again", console) as progress:
            progress(1, 4)
        shown[terminal] = out.getvalue()
    assert "sending again" in shown[True]
    assert "1/4" in shown[True]
    assert shown[False] == ""
