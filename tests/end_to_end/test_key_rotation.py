"""Encryption keys are replaced while events flow: no delivery fails, and the old key can go."""

import asyncio

import pytest
from temporalio.client import Client

from commands.encryption import rotate_encryption
from sandbox.merchant import Merchant
from settings import Settings
from store.db.database import Database
from store.encryption.keyring import Keyring, new_key
from store.events.detail import event_detail
from store.events.payloads import sendable_bytes
from tests.support.encryption import KEY
from tests.support.factories import make_event
from tests.support.shelf import NOW, REQUEST
from tests.support.stack import open_stack

EVENTS = 40


@pytest.mark.extended
async def test_every_event_is_delivered_while_the_rotation_runs(
    patient_client: Client, own_database_url: str
) -> None:
    new = new_key("k2")
    settings = Settings(
        database_url=own_database_url, encryption_keys=f"{new.as_setting()},{KEY.as_setting()}"
    )
    running = Database(own_database_url, Keyring([new, KEY]))
    before = Database(own_database_url, Keyring([KEY]))
    seen: list[int] = []
    async with Merchant() as merchant:
        async with open_stack(patient_client, before) as stack:
            endpoint = await stack.open_shop(merchant.url)
            merchant.secrets = [endpoint["secret"]]
            events = [await stack.send(make_event("delivered")) for _ in range(EVENTS)]
        async with open_stack(patient_client, running, stack.task_queue) as stack, stack.worker():
            sending = asyncio.create_task(_send_more(stack.send))
            rotated = await rotate_encryption(settings, lambda _c, done, _t: seen.append(done))
            events += await sending
            for event_id in events:
                delivery = await stack.delivery(event_id, "delivered")
                assert [one["code"] for one in delivery["attempts"]] == ["http_200"]
    before.close()
    running.close()
    assert rotated.resealed >= EVENTS
    assert rotated.complete, rotated.report()
    assert rotated.report()[-1] == "nothing is under test any more: take it out of the settings"
    assert all(one.verified for one in merchant.received)
    assert len(merchant.received) == len(events)
    assert max(seen) >= EVENTS
    await _everything_opens(own_database_url, Keyring([new]), events)


async def _send_more(send: object) -> list[str]:
    return [await send(make_event("delivered")) for _ in range(EVENTS)]  # type: ignore[operator]


async def _everything_opens(url: str, keyring: Keyring, events: list[str]) -> None:
    after = Database(url, keyring)
    await after.require_keys()
    for event_id in events:
        await after.read(event_detail, event_id)
        assert await after.read(sendable_bytes, event_id, "1.0", NOW, REQUEST)
    after.close()
