"""Links to tracking pages: one for each order, known by their hash, revoked, ended, erased."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from contracts.access.audit import AuditAction
from contracts.errors import Conflict, NotFound
from contracts.tracking.links import (
    KEPT_AFTER_THE_END,
    KEPT_WITHOUT_NEWS,
    is_token,
)
from store.db.database import Database
from store.encryption.reindexing import replace_link_key
from store.encryption.sealing import LINK_KEY_NAME
from store.events.erasure import erase_customer, erase_events
from store.tables import AuditEntryRow, EventRow, PartnerRow, SealedKeyRow, TrackingLinkRow
from store.tracking.links import (
    LinkedOrder,
    drop_ended_links,
    give_link,
    link_token,
    link_tokens,
    revoke_link,
)
from store.tracking.orders import MOST_EVENTS, TrackedOrder, tracked_order
from tests.support.factories import make_groups, make_order
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, an_event, of_its_own_order

ORDER = LinkedOrder("shop", "ORD-1")
PHONE = "+919876543210"


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """A partner with tracking pages, and one order."""
    await shelf.add_partner(tier="smb")
    await shelf.accept()
    return shelf


async def happens(shelf: Shelf, kind: str, after: timedelta = timedelta(), **fields: Any) -> str:
    """An event of the order, taken as it happens; gives its id."""
    at = NOW + after
    event = an_event(kind, occurred_at=at.isoformat(), **fields)
    return (await shelf.accept(event, now=max(at, NOW))).event_id


async def token_of(shelf: Shelf, order: LinkedOrder = ORDER) -> str:
    return await shelf.database.write(link_token, order, NOW)


async def leads_to(shelf: Shelf, token: str) -> LinkedOrder | None:
    found = await shown(shelf, token)
    return found.order if found else None


async def shown(shelf: Shelf, token: str, after: timedelta = timedelta()) -> TrackedOrder | None:
    return await shelf.database.read(tracked_order, token, NOW + after)


class TestTheLink:
    async def test_it_leads_to_its_order_and_stays_the_same(self, shop: Shelf) -> None:
        token = await token_of(shop)
        assert is_token(token)
        assert await token_of(shop) == token
        assert await leads_to(shop, token) == ORDER
        assert await shop.count(TrackingLinkRow) == 1

    async def test_no_two_orders_have_the_same(self, shop: Shelf) -> None:
        orders = [
            ORDER,
            LinkedOrder("shop", "ORD-1", is_test=True),
            LinkedOrder("rival", "ORD-1"),
            LinkedOrder("shop", "ORD-1|test"),
            LinkedOrder("shop", "ORD-1||1"),
            LinkedOrder("shop", "अ/1"),
        ]
        tokens = await shop.database.write(link_tokens, orders, NOW)
        assert len(set(tokens.values())) == len(orders)
        assert await shop.count(TrackingLinkRow) == len(orders)

    async def test_two_at_once_are_one(self, shop: Shelf) -> None:
        tokens = await asyncio.gather(*[token_of(shop) for _ in range(8)])
        assert len(set(tokens)) == 1
        assert await shop.count(TrackingLinkRow) == 1

    async def test_groups_of_the_same_orders_do_not_stand_in_each_other_s_way(
        self, shop: Shelf
    ) -> None:
        orders = [LinkedOrder("shop", f"ORD-{n}") for n in range(40)]
        groups = [orders if n % 2 else orders[::-1] for n in range(8)]
        found = await asyncio.gather(
            *[shop.database.write(link_tokens, group, NOW) for group in groups]
        )
        assert all(one == found[0] for one in found)

    async def test_the_database_has_no_token(self, shop: Shelf) -> None:
        token = await token_of(shop)
        [row] = await shop.all_rows(TrackingLinkRow)
        assert token not in repr(row)

    @pytest.mark.parametrize("wrong", ["", "x", "A" * 22, "A" * 21 + "B", "../../etc/passwd", "\0"])
    async def test_what_is_none_leads_nowhere(self, shop: Shelf, wrong: str) -> None:
        await token_of(shop)
        assert await leads_to(shop, wrong) is None

    async def test_while_the_pages_are_off_it_leads_nowhere(self, shop: Shelf) -> None:
        token = await token_of(shop)
        await shop.change(PartnerRow, "shop", tracking_enabled=False)
        assert await leads_to(shop, token) is None
        await shop.change(PartnerRow, "shop", tracking_enabled=True)
        assert await leads_to(shop, token) == ORDER


class TestAskingForIt:
    async def test_it_is_that_of_the_texts_and_written_down(self, shop: Shelf) -> None:
        token, ends_at = await shop.database.write(give_link, ORDER, NOW, actor="test")
        assert token == await token_of(shop)
        assert ends_at == NOW + KEPT_WITHOUT_NEWS
        [entry] = [
            one
            for one in await shop.all_rows(AuditEntryRow)
            if one.action is AuditAction.TRACKING_LINK_GIVEN
        ]
        assert (entry.object_id, entry.partner_id, entry.actor) == ("ORD-1", "shop", "test")
        assert token not in repr(entry)

    async def test_no_order_has_none(self, shop: Shelf) -> None:
        for order in (LinkedOrder("shop", "ORD-2"), LinkedOrder("shop", "ORD-1", is_test=True)):
            with pytest.raises(NotFound):
                await shop.database.write(give_link, order, NOW, actor="test")

    async def test_another_s_order_is_not_found(self, shop: Shelf) -> None:
        for call in (give_link, revoke_link):
            with pytest.raises(NotFound):
                await shop.database.write(call, ORDER, NOW, actor="test", owner="rival")

    async def test_without_pages_there_is_none(self, shop: Shelf) -> None:
        await shop.change(PartnerRow, "shop", tracking_enabled=False)
        with pytest.raises(Conflict):
            await shop.database.write(give_link, ORDER, NOW, actor="test")


class TestRevoking:
    async def test_it_ends_at_once_and_the_next_is_another(self, shop: Shelf) -> None:
        token = await token_of(shop)
        later = NOW + timedelta(hours=1)
        for now in (later, later + timedelta(hours=1)):
            assert await shop.database.write(revoke_link, ORDER, now, actor="test") == later
        assert await leads_to(shop, token) is None
        renewed = await token_of(shop)
        assert renewed != token
        assert await token_of(shop) == renewed
        assert (await leads_to(shop, renewed), await leads_to(shop, token)) == (ORDER, None)
        actions = [one.action for one in await shop.all_rows(AuditEntryRow)]
        assert actions.count(AuditAction.TRACKING_LINK_REVOKED) == 1

    async def test_two_who_renew_at_once_get_the_same(self, shop: Shelf) -> None:
        await token_of(shop)
        await shop.database.write(revoke_link, ORDER, NOW, actor="test")
        tokens = await asyncio.gather(*[token_of(shop) for _ in range(6)])
        assert len(set(tokens)) == 1
        assert await leads_to(shop, tokens[0]) == ORDER

    async def test_what_has_no_link_cannot_be_revoked(self, shop: Shelf) -> None:
        with pytest.raises(NotFound):
            await shop.database.write(revoke_link, ORDER, NOW, actor="test")


class TestANewLinkKey:
    async def test_every_link_ends_and_the_next_text_has_a_new_one(
        self, shop: Shelf, database: Database
    ) -> None:
        token = await token_of(shop)
        kept = await shop.one(SealedKeyRow, LINK_KEY_NAME)
        await database.write(replace_link_key)
        database.vault.read_anew()
        try:
            assert await leads_to(shop, token) is None
            assert await leads_to(shop, await token_of(shop)) == ORDER
        finally:
            await shop.change(SealedKeyRow, LINK_KEY_NAME, sealed=kept.sealed)
            database.vault.read_anew()

    async def test_a_link_that_another_process_made_with_the_old_key_is_renewed(
        self, shop: Shelf
    ) -> None:
        await token_of(shop)
        [row] = await shop.all_rows(TrackingLinkRow)
        await shop.change(TrackingLinkRow, row.token_hash, token_hash="of an old key")
        token = await token_of(shop)
        assert await leads_to(shop, token) == ORDER
        assert await token_of(shop) == token


class TestWhatItLeadsTo:
    async def test_the_events_by_when_they_happened(self, shop: Shelf) -> None:
        for minutes, kind in ((90, "out_for_delivery"), (30, "delivery_failed")):
            await happens(shop, kind, timedelta(minutes=minutes))
        order = await shown(shop, await token_of(shop))
        assert order is not None
        kinds = [one.type.value for one in order.events]
        assert kinds == ["order_confirmed", "delivery_failed", "out_for_delivery"]
        assert order.shop.id == "shop"
        assert [one.failure is not None for one in order.events] == [False, True, False]
        assert "Asha" not in repr(order)

    async def test_no_other_order_s_events_and_no_other_partner_s(self, shop: Shelf) -> None:
        await shop.add_partner("rival")
        other = make_groups(order=make_order(order_id="ORD-2"))
        for event in (
            an_event(partner_id="rival"),
            an_event(data=other),
            an_event(is_test=True),
        ):
            await shop.accept(event)
        order = await shown(shop, await token_of(shop))
        assert order is not None
        assert len(order.events) == 1
        test_order = await shown(shop, await token_of(shop, LinkedOrder("shop", "ORD-1", True)))
        assert test_order is not None
        assert (len(test_order.events), test_order.last.is_test) == (1, True)

    async def test_a_bounded_number_of_events(self, shop: Shelf) -> None:
        for number in range(MOST_EVENTS + 5):
            await shop.accept(an_event(), now=NOW + timedelta(seconds=number))
        order = await shown(shop, await token_of(shop))
        assert order is not None
        assert len(order.events) == MOST_EVENTS

    async def test_one_statement_and_each_table_by_an_index(self, shop: Shelf) -> None:
        for number in range(60):
            await shop.accept(of_its_own_order(an_event()))
            await token_of(shop, LinkedOrder("shop", f"ORD-{number}"))
        tables = text("ANALYZE events, tracking_links, partners")
        await shop.database.write(lambda session: session.execute(tables))
        token = await token_of(shop)
        [plan] = await shop.database.write(
            lambda session: plans_of(
                session, lambda one: tracked_order(one, token, NOW), "tracking_links"
            )
        )
        for index in ("tracking_links_pkey", "ix_events_log_order", "partners_pkey"):
            assert index in plan
        assert "seq scan" not in plan.lower()


class TestItsEnd:
    @pytest.mark.parametrize(
        ("kind", "kept"),
        [
            ("order_confirmed", KEPT_WITHOUT_NEWS),
            ("out_for_delivery", KEPT_WITHOUT_NEWS),
            ("delivery_failed", KEPT_WITHOUT_NEWS),
            ("delivered", KEPT_AFTER_THE_END),
            ("return_initiated", KEPT_AFTER_THE_END),
        ],
    )
    async def test_counted_from_the_last_that_happened(
        self, shop: Shelf, kind: str, kept: timedelta
    ) -> None:
        last = timedelta(days=3)
        await happens(shop, kind, last)
        token, second = await token_of(shop), timedelta(seconds=1)
        assert await shown(shop, token, last + kept - second) is not None
        assert await shown(shop, token, last + kept) is None

    async def test_retention_drops_what_has_ended_and_keeps_what_went_on(self, shop: Shelf) -> None:
        token = await token_of(shop)
        await happens(shop, "out_for_delivery", timedelta(days=80))
        drop = drop_ended_links
        for days, looked_at, kept in ((89, 0, 1), (91, 1, 1), (91, 0, 1), (171, 1, 0)):
            now = NOW + timedelta(days=days)
            assert await shop.database.write(drop, now, limit=10) == looked_at
            assert await shop.count(TrackingLinkRow) == kept
        assert await leads_to(shop, token) is None

    async def test_an_erased_order_has_none(self, shop: Shelf) -> None:
        token = await token_of(shop)
        await shop.database.write(erase_customer, PHONE, NOW, limit=10)
        assert await shop.count(TrackingLinkRow) == 0
        assert await shown(shop, token) is None

    async def test_an_order_of_which_something_is_left_keeps_its_link(self, shop: Shelf) -> None:
        token = await token_of(shop)
        later = await happens(shop, "out_for_delivery")
        first = await shop.database.read(_first_event, later)
        await shop.database.write(erase_events, [first], NOW)
        order = await shown(shop, token)
        assert order is not None
        assert (len(order.events), order.last.event_id) == (1, later)


def _first_event(session: Session, other: str) -> str:
    return next(one for one in session.exec(select(EventRow.event_id)) if one != other)
