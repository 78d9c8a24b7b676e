"""The SMS channel for operations: states, what is held and why, stops with their senders, caps."""

from sqlmodel import Session

from contracts.delivery.states import HoldReason, SmsState
from store.db.database import Database
from store.sms.channel import TextChannel, TextsOfPartner, read_channel, sender_of
from store.sms.daily_caps import day_of
from store.sms.suspensions import ALL_TEXTS, suspend
from store.tables import PartnerRow, SmsDayRow
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, after

DAY_S = 24 * 60 * 60


async def channel(database: Database, seconds: float = 60) -> TextChannel:
    return await database.read(read_channel, after(seconds), daily_cap=100)


def sent_today(session: Session, partner_id: str, texts: int) -> None:
    session.add(SmsDayRow(partner_id=partner_id, day=day_of(NOW), texts=texts, parts=texts))


class TestTexts:
    async def test_nothing_where_nothing_is(self, database: Database) -> None:
        seen = await channel(database)
        assert (seen.suspensions, seen.states, seen.held, seen.unknown) == ([], {}, {}, [])
        assert (seen.texts_today, seen.near_the_cap) == (0, [])

    async def test_those_of_the_last_day_by_state(self, shelf: Shelf, database: Database) -> None:
        taken, lost = await shelf.texts(2)
        await taken.settle(await taken.ready())
        await lost.lose_sight(await lost.ready(now=after(5)), now=after(9))
        seen = await channel(database)
        assert seen.states == {SmsState.ACCEPTED: 1, SmsState.UNKNOWN: 1}
        [unknown] = seen.unknown
        assert (unknown.event_id, unknown.code) == (lost.event.event_id, "timeout")
        assert unknown.claimed_at == after(5)
        later = await channel(database, DAY_S + 2)
        assert later.states == {SmsState.UNKNOWN: 1}

    async def test_held_ones_and_why(self, shelf: Shelf, database: Database) -> None:
        first, second = await shelf.texts(2)
        suspension = await database.write(suspend, ALL_TEXTS, NOW, reason="a test", made_by="key_1")
        await first.claim()
        await second.claim()
        seen = await channel(database)
        assert seen.held == {HoldReason.SMS_SUSPENDED: 2}
        assert [(row.id, held) for row, held in seen.suspensions] == [(suspension.id, 2)]


class TestSenders:
    async def test_who_has_chosen_one_that_is_stopped(
        self, shelf: Shelf, database: Database
    ) -> None:
        for partner_id, sender in (("one", "CHAIPT"), ("two", "CHAIPT"), ("three", "DOSACO")):
            await shelf.add_partner(partner_id, "smb", sms_sender=sender)
            await shelf.change(PartnerRow, partner_id, name=partner_id)
        await database.write(suspend, "route/CHAIPT/91", NOW, reason="a test")
        seen = await channel(database)
        assert seen.users == {"CHAIPT": ["one", "two"]}

    def test_a_stop_is_about_one_sender_or_about_more(self) -> None:
        scopes = ("all", "account", "partner/shop", "sender/DRSTEP", "route/+1500/91")
        assert [sender_of(one) for one in scopes] == [None, None, None, "DRSTEP", "+1500"]


class TestTheCap:
    async def test_whoever_has_used_up_most_is_told_of(
        self, shelf: Shelf, database: Database
    ) -> None:
        counts = {"far": (79, None), "near": (80, None), "full": (5, 5)}
        for partner_id, (texts, cap) in counts.items():
            await shelf.add_partner(partner_id, "smb", sms_daily_cap=cap)
            await database.write(sent_today, partner_id, texts)
        seen = await channel(database)
        assert seen.texts_today == 164
        assert seen.near_the_cap == [
            TextsOfPartner("full", "Chai Point", 5, 5),
            TextsOfPartner("near", "Chai Point", 80, 100),
        ]
        tomorrow = await channel(database, DAY_S)
        assert tomorrow.today == []


async def test_the_texts_of_a_day_are_found_by_an_index(database: Database) -> None:
    """However many there are of other days."""
    plans = await database.read(
        plans_of, lambda session: read_channel(session, NOW, daily_cap=100), "sms_messages"
    )
    assert len(plans) == 2
    for plan in plans:
        assert "ix_sms_messages_claimed_at" in plan
