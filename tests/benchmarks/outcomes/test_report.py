"""What a play prints and puts into the documents."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks.outcomes.calls import Calls
from benchmarks.outcomes.faults import draw_faults
from benchmarks.outcomes.options import Options, read_options
from benchmarks.outcomes.polling import Sighting
from benchmarks.outcomes.processes import plan_process_faults
from benchmarks.outcomes.report import BEGIN, END, as_json, show, timeless, write
from benchmarks.outcomes.rows import Compared
from benchmarks.outcomes.run import Played
from contracts.outcomes.definitions import DEFINITIONS
from tests.benchmarks.outcomes.test_account import GREEN, figure

TODAY = date(2026, 11, 29)


@pytest.fixture
def played() -> Played:
    """A play that passed, with a figure for each definition."""
    figures: dict[str, Any] = {one.name: figure(500, 1000) for one in DEFINITIONS}
    figures |= GREEN.figures
    account = type(GREEN)(**{**vars(GREEN), "figures": figures})
    day = ("shop-1", TODAY)
    compared = Compared(account, [], list[Sighting](), Calls({day: 10}), Calls({day: 4}))
    faults = draw_faults(7).faults
    return Played(Options(seed=7), [], faults, plan_process_faults(7, 20_000), account, compared, 9)


def test_every_row_of_the_companys_case_stands_beside_what_was_reached(played: Played) -> None:
    console = Console(record=True, width=200)
    show(played, console)
    said = console.export_text()
    for case in ("99.6 %", "60 min to under 90 s", "59 % fewer", "₹60,000 to 80,000 a day"):
        assert case in said
    assert "60% fewer" in said
    assert "every event is accounted for" in said


def test_it_says_what_is_measured_and_what_is_a_model(played: Played) -> None:
    kinds = {row["what"]: row["kind"] for row in json.loads(as_json(played))["rows"]}
    assert kinds["delivered within the retry policy"] == "measured"
    assert kinds["WISMO calls per 100 orders"] == "model"
    assert kinds["re-delivery cost avoided"] == "model"


def test_times_are_none_of_the_counts_that_two_plays_agree_on(played: Played) -> None:
    by_time = {one.name for one in DEFINITIONS if one.name.startswith(("propagation", "webhooks"))}
    by_time |= {"delivered_within_90_s", "delivered_within_policy"}
    assert not by_time & timeless(played).keys()


def test_the_documents_get_the_table_between_their_markers(tmp_path: Path, played: Played) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("README.md", "docs/outcomes.md"):
        (tmp_path / name).write_text(f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n", encoding="utf-8")
    write(played, TODAY, tmp_path)
    for name in ("README.md", "docs/outcomes.md"):
        said = (tmp_path / name).read_text(encoding="utf-8")
        assert said.startswith(f"before\n\n{BEGIN}\n\n| ")
        assert said.endswith(f"\n\n{END}\n\nafter\n")
        assert "\nold\n" not in said
        assert "| delivered within the retry policy | 99.6 % | - | 99.80 % | measured |" in said
    assert "29 November 2026" in (tmp_path / "docs/outcomes.md").read_text(encoding="utf-8")


def test_the_real_documents_have_a_place_for_it() -> None:
    root = Path(__file__).parents[3]
    for name in ("README.md", "docs/outcomes.md"):
        said = (root / name).read_text(encoding="utf-8")
        assert said.index(BEGIN) < said.index(END)


def test_processes_die_at_the_same_events_for_the_same_seed() -> None:
    plan = plan_process_faults(7, 20_000)
    assert plan == plan_process_faults(7, 20_000) != plan_process_faults(8, 20_000)
    assert {one.process for one in plan} == {"worker", "api", "temporal", "postgresql"}
    assert {one.is_deploy for one in plan} == {True, False}
    assert len(plan_process_faults(7, 150)) == 2


def test_without_an_export_it_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        read_options(["--orders", str(tmp_path / "none.csv")])
    assert "no export of orders" in capsys.readouterr().err
