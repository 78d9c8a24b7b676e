"""`doorstep outcomes baseline`: a table of baselines, imported whole or not at all."""

from pathlib import Path

import pytest

from contracts.outcomes.baseline_views import BASELINES_FILE
from contracts.outcomes.lines_file import LinesRefused, read_lines
from store.db.database import Database
from store.tables import OutcomeBaselineRow
from tests.commands.running import Finished, doorstep
from tests.support.encryption import KEY
from tests.support.shelf import Shelf

HEADER = "partner_id,figure,value,from,to"
RTO = "shop,rto,0.21,2026-01-01,2026-01-31"
ORDERS = "shop,orders,310,2026-01-01,2026-01-31"


def table(*lines: str) -> str:
    return "\r\n".join((HEADER, *lines, ""))


class TestLines:
    def test_each_is_a_baseline(self) -> None:
        [first, second] = read_lines(table(RTO, ORDERS).encode(), BASELINES_FILE)
        assert (first.line, first.given.figure, first.given.value) == (2, "rto", "0.21")
        assert (second.line, str(second.given.baseline.value)) == (3, "310")

    def test_every_fault_is_told_with_its_line(self) -> None:
        wrong = (
            "shop,rto,21,2026-01-01,2026-01-31",
            RTO,
            "shop,orders,3,2026-01-31,2026-01-01",
            "shop,orders",
            f"{ORDERS},and more",
            RTO,
        )
        with pytest.raises(LinesRefused) as refused:
            read_lines(table(*wrong).encode(), BASELINES_FILE)
        assert [str(fault).split(": ")[:2] for fault in refused.value.faults] == [
            ["line 2", "value"],
            ["line 4", "to"],
            ["line 5", "there are 2 columns and not 5"],
            ["line 6", "there are 6 columns and not 5"],
            ["line 7", "line 3 has the same partner and figure"],
        ]


async def import_file(database_url: str, folder: Path, *lines: str) -> Finished:
    """The command, on this database."""
    (folder / "before.csv").write_text(table(*lines), encoding="utf-8-sig")
    return await doorstep(
        *("outcomes", "baseline", "before.csv"),
        folder=folder,
        DOORSTEP_DATABASE_URL=database_url,
        DOORSTEP_ENCRYPTION_KEYS=KEY.as_setting(),
    )


@pytest.mark.extended
class TestTheCommand:
    async def test_all_lines_are_kept(
        self, database_url: str, database: Database, tmp_path: Path
    ) -> None:
        shelf = Shelf(database)
        await shelf.add_partner()
        ended = await import_file(database_url, tmp_path, RTO, ORDERS)
        assert (ended.code, ended.out, ended.err) == (0, "2 baselines imported\n", "")
        rows = await shelf.all_rows(OutcomeBaselineRow)
        assert {(row.figure, str(row.value)) for row in rows} == {
            *(("rto", "0.21000"), ("orders", "310")),
        }

    async def test_or_none(self, database_url: str, database: Database, tmp_path: Path) -> None:
        shelf = Shelf(database)
        await shelf.add_partner()
        ended = await import_file(
            *(database_url, tmp_path, RTO, ORDERS.replace("shop", "nobody")),
            "shop,sms_sent,1,2999-01-01,2999-01-01",
        )
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.splitlines() == [
            "doorstep: before.csv: nothing was taken",
            "line 3: no partner nobody",
            "line 4: to: it is still to come",
        ]
        assert await shelf.all_rows(OutcomeBaselineRow) == []
