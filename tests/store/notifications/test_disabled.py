"""An endpoint that Doorstep switches off: one notification, with the change or not at all."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session

from contracts.endpoints.circuit_breaker import DISABLED_AFTER
from contracts.endpoints.endpoints import EndpointChange
from contracts.notifications.kinds import NotificationKind
from store.endpoints.changes import change_endpoint
from store.endpoints.circuit_breaker import GIVEN_UP, GONE_FOR_GOOD, disable
from store.tables import EndpointRow, NotificationRow
from tests.support.notifications import (
    HOST,
    delivery_to,
    notifications_of,
    shop_with_a_phone,
)
from tests.support.shelf import NOW, Shelf, after

DISABLED = NotificationKind.ENDPOINT_DISABLED


async def told_of(shelf: Shelf) -> list[NotificationRow]:
    """The notifications of endpoints that were switched off."""
    return [one for one in await notifications_of(shelf) if one.kind is DISABLED]


async def enable(shelf: Shelf, endpoint_id: str) -> None:
    """Somebody has mended it."""
    asked = EndpointChange.model_validate({"state": "enabled"})
    await shelf.database.write(change_endpoint, endpoint_id, asked, after(60), actor="key_1")


async def test_a_410_is_told(shelf: Shelf) -> None:
    endpoint = await shop_with_a_phone(shelf)
    await (await delivery_to(shelf, endpoint.id)).attempt(410)
    [told] = await told_of(shelf)
    assert (told.endpoint_id, told.partner_id, told.created_at) == (endpoint.id, "shop", NOW)
    assert (told.about["host"], told.about["reason"]) == (HOST, GONE_FOR_GOOD)
    assert told.fanned_out_at is None


async def test_five_days_of_failure_are_told_once(shelf: Shelf) -> None:
    endpoint = await shop_with_a_phone(shelf)
    for seconds in range(0, 40, 4):
        at = after(seconds)
        webhook = await delivery_to(shelf, endpoint.id)
        await webhook.finish(await webhook.ready(now=at), 503, now=at)
    assert await told_of(shelf) == []
    webhooks = [await delivery_to(shelf, endpoint.id) for _ in range(2)]
    late = after(36) + DISABLED_AFTER
    await shelf.change(EndpointRow, endpoint.id, last_failed_at=late - timedelta(minutes=10))
    first = await webhooks[0].ready(now=late)
    second = await webhooks[1].ready(now=late + timedelta(minutes=1))
    await webhooks[0].finish(first, 503, now=late)
    await webhooks[1].finish(second, 503, now=late + timedelta(minutes=1))
    assert [one.about["reason"] for one in await told_of(shelf)] == [GIVEN_UP]


async def test_several_410s_at_once_are_told_once(shelf: Shelf) -> None:
    endpoint = await shop_with_a_phone(shelf)
    webhooks = [await delivery_to(shelf, endpoint.id) for _ in range(8)]
    ready = [await one.ready() for one in webhooks]
    await asyncio.gather(*(one.finish(it, 410) for one, it in zip(webhooks, ready, strict=True)))
    assert len(await told_of(shelf)) == 1


async def test_one_that_is_off_already_is_not_told_of_again(shelf: Shelf) -> None:
    endpoint = await shop_with_a_phone(shelf)
    webhook, late = [await delivery_to(shelf, endpoint.id) for _ in range(2)]
    ready = await late.ready()
    await webhook.attempt(410)
    await late.finish(ready, 410)
    assert len(await told_of(shelf)) == 1


async def test_switched_off_again_after_it_was_mended_it_is_told_again(shelf: Shelf) -> None:
    endpoint = await shop_with_a_phone(shelf)
    await (await delivery_to(shelf, endpoint.id)).attempt(410)
    await enable(shelf, endpoint.id)
    assert len(await told_of(shelf)) == 1
    later = await delivery_to(shelf, endpoint.id)
    await later.finish(await later.ready(now=after(120)), 410, now=after(121))
    assert len(await told_of(shelf)) == 2


async def test_a_transaction_that_fails_tells_nothing(shelf: Shelf) -> None:
    endpoint = await shop_with_a_phone(shelf)

    def fails(session: Session) -> None:
        disable(session, session.get_one(EndpointRow, endpoint.id), "why", NOW)
        session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await shelf.database.write(fails)
    assert await told_of(shelf) == []


async def test_a_person_s_own_switch_tells_nobody(shelf: Shelf) -> None:
    endpoint = await shop_with_a_phone(shelf)
    asked = EndpointChange.model_validate({"state": "disabled"})
    await shelf.database.write(change_endpoint, endpoint.id, asked, NOW, actor="key_1")
    assert await told_of(shelf) == []
