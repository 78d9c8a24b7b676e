"""`doorstep outcomes calls`, as an operator runs it."""

from datetime import date
from pathlib import Path

import pytest

from store.db.database import Database
from store.tables import AuditEntryRow, WismoCallsRow
from tests.commands.running import Finished, doorstep
from tests.support.encryption import KEY
from tests.support.shelf import Shelf

pytestmark = pytest.mark.extended


async def calls(database_url: str, file: str, stdin: str = "") -> Finished:
    """The command, on this database."""
    return await doorstep(
        *("outcomes", "calls", file),
        folder=Path.cwd(),
        stdin=stdin,
        DOORSTEP_DATABASE_URL=database_url,
        DOORSTEP_ENCRYPTION_KEYS=KEY.as_setting(),
    )


async def test_a_file_is_taken_whole_and_written_down(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    shelf = Shelf(database)
    await shelf.add_partner("shop")
    file = tmp_path / "calls.csv"
    file.write_bytes(b"\xef\xbb\xbfpartner_id;day;calls\r\nshop;2026-03-02;38\r\n")
    ended = await calls(database_url, str(file))
    assert (ended.code, ended.out) == (0, "calls of 1 partners and days taken\n")
    [row] = await shelf.all_rows(WismoCallsRow)
    assert (row.partner_id, row.day, row.calls) == ("shop", date(2026, 3, 2), 38)
    [entry] = [one for one in await shelf.all_rows(AuditEntryRow) if "calls" in one.details]
    assert (entry.actor, entry.details) == ("command_line", {"calls": [None, 38]})


async def test_one_wrong_line_and_nothing_is_taken(database_url: str, database: Database) -> None:
    shelf = Shelf(database)
    await shelf.add_partner("shop")
    text = "partner_id,day,calls\nshop,2026-03-02,38\nnobody,2026-03-02,1\n"
    ended = await calls(database_url, "-", text)
    assert ended.code == 2
    assert ended.err == "doorstep: -: nothing was taken\nline 3: no partner nobody\n"
    assert await shelf.all_rows(WismoCallsRow) == []
