"""`doorstep keys`: made on the command line, usable at the API, revoked."""

from pathlib import Path

import pytest

from commands.errors import CommandFailed
from commands.keys import create_key, list_keys, revoke_key, state_of
from contracts.access.callers import Scope
from contracts.clock import utc_now
from contracts.errors import Invalid, NotFound
from settings import Settings
from store.access.api_keys import known_key
from store.db.database import Database
from tests.commands.running import doorstep
from tests.support.encryption import KEY
from tests.support.shelf import NOW, after

pytestmark = pytest.mark.extended


def variables(database_url: str) -> dict[str, str]:
    """What a command has to be told of the database."""
    return {
        "DOORSTEP_DATABASE_URL": database_url,
        "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
    }


async def test_the_first_key_of_an_operator(database_url: str, database: Database) -> None:
    ended = await doorstep(
        *("keys", "create", "--scope", "ops", "--label", "Asha's laptop"),
        folder=Path.cwd(),
        **variables(database_url),
    )
    assert (ended.code, ended.err) == (0, "")
    shown = dict(line.split()[:2] for line in ended.out.splitlines())
    known = await database.read(known_key, shown["key"], utc_now())
    assert known is not None
    assert (known.caller.id, known.caller.scopes) == (shown["id"], frozenset({Scope.OPS}))

    listed = await doorstep(
        *("keys", "list"),
        folder=Path.cwd(),
        **variables(database_url),
    )
    assert listed.code == 0
    assert shown["id"] in listed.out
    assert "works  never used  Asha's laptop" in listed.out
    assert shown["key"][-20:] not in listed.out

    revoked = await doorstep(
        *("keys", "revoke", shown["id"]),
        folder=Path.cwd(),
        **variables(database_url),
    )
    assert (revoked.code, revoked.out.split()[:2]) == (0, ["revoked", shown["id"]])
    assert await database.read(known_key, shown["key"], utc_now()) is None


async def test_a_wrong_wish_is_one_line(database_url: str) -> None:
    settings = Settings(database_url=database_url, encryption_keys=KEY.as_setting())
    with pytest.raises(CommandFailed, match="scope: "):
        await create_key(settings, {"scope": "root", "label": "x"}, None, utc_now)
    with pytest.raises(Invalid, match="name the partner"):
        await create_key(settings, {"scope": "partner", "label": "x"}, None, utc_now)
    with pytest.raises(NotFound, match="no key key_none"):
        await revoke_key(settings, "key_none", utc_now)


async def test_the_list_has_every_page(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.keys._PAGE", 2)
    settings = Settings(database_url=database_url, encryption_keys=KEY.as_setting())
    for _ in range(4):
        await create_key(settings, {"scope": "oms", "label": "x"}, None, utc_now)
    assert len({row.id for row in await list_keys(settings)}) == 4


async def test_its_state_in_words(database_url: str) -> None:
    settings = Settings(database_url=database_url, encryption_keys=KEY.as_setting())
    row, _ = await create_key(settings, {"scope": "oms", "label": "x"}, 30, lambda: NOW)
    assert state_of(row, NOW) == "expires 2026-04-01"
    assert state_of(row, after(31 * 86_400)) == "expired 2026-04-01"
    row = await revoke_key(settings, row.id, lambda: NOW)
    assert state_of(row, NOW) == "revoked 2026-03-02"
