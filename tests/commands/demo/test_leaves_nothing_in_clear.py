"""A whole demo leaves nothing personal and no secret in clear in its files, its logs, its output.

The sandbox's merchants and its Twilio are the outside world: what they were sent they keep in
memory, so nothing of theirs lies in the data folder.
"""

import asyncio
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from commands.demo.merchants import PARTNERS
from commands.demo.orders import OrdersRequest, prepare
from store.db.database import Database
from store.db.embedded import embedded_url
from store.encryption.columns import ENDPOINT_SECRET, EVENT_BODY
from store.encryption.key_file import keyring_of
from store.encryption.sealing import open_sealed
from store.tables import EndpointSecretRow, EventRow
from tests.commands.running import start_doorstep
from tests.support.leaks import Searched, search, search_folder

pytestmark = [pytest.mark.extended, pytest.mark.timeout(300)]

ORDERS, SEED = 6, 7
KEY_FILES = ("encryption-keys", "operator-key")
"""The only files that are meant to hold a secret."""


async def test_nothing_in_clear(tmp_path: Path) -> None:
    personal = personal_values()
    process = await start_doorstep(
        *("demo", "--limit", str(ORDERS), "--seed", str(SEED)),
        folder=tmp_path,
        DOORSTEP_DATA_DIR=str(tmp_path),
    )
    assert process.stdout is not None
    output = b""
    try:
        while b"It stays up" not in output:
            line = await asyncio.wait_for(process.stdout.readline(), timeout=120)
            assert line, output.decode()
            output += line
        [folder] = tmp_path.glob("demo-*")
        tokens = {one.decode() for one in re.findall(rb"/t/([\w-]{22})\b", output)}
        assert tokens
        secrets = personal | await secrets_in(folder)
        values = secrets | tokens
        while_up = search_folder(folder, values, KEY_FILES)
        await assert_played(folder, personal)
    finally:
        process.send_signal(signal.SIGINT)
        rest, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
    afterwards = search_folder(folder, values, KEY_FILES)
    assert_looked_at_everything(folder, while_up, afterwards)
    assert (*while_up.leaks, *search(output + rest, secrets, "output"), *afterwards.leaks) == ()


def assert_looked_at_everything(folder: Path, while_up: Searched, afterwards: Searched) -> None:
    """Both databases, the journal and the logs were read; ids, which are kept, are found there."""
    logs = {f"logs/{name}.log" for name in ("api", "postgresql", "temporal", "worker")}
    for searched in (while_up, afterwards):
        assert searched.files >= logs | {"temporal.db"}
        for part in ("postgresql/base/", "postgresql/pg_wal/"):
            assert any(name.startswith(part) for name in searched.files)
    ids = {leak.where for leak in search_folder(folder, [f"evt_{SEED}_000001_1"], ()).leaks}
    assert "temporal.db" in ids
    assert any(name.startswith("postgresql/base/") for name in ids)


async def assert_played(folder: Path, personal: set[str]) -> None:
    """The events that the demo took have the values that were looked for."""
    bodies = "".join(await opened(folder, EventRow))
    lasting = {value for value in personal if not _is_otp(value)}
    assert {value for value in lasting if value not in bodies} == set()


def personal_values() -> set[str]:
    """Every phone, name, first line of an address and OTP that the demo's orders have."""
    wanted = OrdersRequest(None, ORDERS, SEED)
    told = [
        prepare(wanted, [partner.id for partner in PARTNERS], least_s) for least_s in (5.0, 25.0)
    ]
    quick, slow = (
        {v for e in one.events for v in _personal(dict(e.event["data"]))} for one in told
    )
    assert quick == slow, "the values depend on the time: they cannot be known beforehand"
    assert any(_is_otp(value) for value in quick)
    assert any(value.startswith("+91") for value in quick)
    return quick


async def secrets_in(folder: Path) -> set[str]:
    """The operator's key, the encryption key and every signing secret, with and without mark."""
    operator_key, setting = ((folder / name).read_text().strip() for name in KEY_FILES[::-1])
    signing = await opened(folder, EndpointSecretRow)
    assert len(signing) == 3
    assert all(secret.startswith("whsec_") for secret in signing)
    bare = {secret.removeprefix("whsec_").rstrip("=") for secret in signing}
    return {operator_key, setting.partition(":")[2].rstrip("="), *signing, *bare}


async def opened(folder: Path, kind: type[EventRow] | type[EndpointSecretRow]) -> list[str]:
    """The bodies of all events, or all signing secrets, decrypted."""

    def read(session: Session) -> list[str]:
        if kind is EventRow:
            events = session.exec(select(EventRow)).all()
            return [open_sealed(session, EVENT_BODY, one.body, one.event_id) for one in events]
        secrets = session.exec(select(EndpointSecretRow)).all()
        return [open_sealed(session, ENDPOINT_SECRET, one.secret, one.id) for one in secrets]

    database = Database(embedded_url(folder, port_of(folder)), keyring_of(None, folder))
    try:
        return await database.read(read)
    finally:
        database.close()


def port_of(folder: Path) -> int:
    """Where the demo's PostgreSQL listens: the fourth line of its lock file."""
    return int((folder / "postgresql" / "postmaster.pid").read_text().splitlines()[3])


def _personal(data: dict[str, Any]) -> Iterator[str]:
    """An OTP of four digits alone would be found by chance: it is looked for as it is written."""
    customer, address = data["order"]["customer"], data["order"]["delivery_address"]
    rider, otp = data.get("rider") or {}, data.get("otp") or {}
    values = (customer["name"], customer["phone"], address["line1"])
    yield from (one for one in (*values, rider.get("name"), rider.get("phone")) if one)
    if code := otp.get("code"):
        yield from (f'"code":"{code}"', f'"code": "{code}"', f"OTP: {code}")


def _is_otp(value: str) -> bool:
    return value.startswith(('"code"', "OTP: "))
