"""Test texts and codes to a partner's own phone: how many, to which phones, for how long."""

from datetime import timedelta

import pytest

from contracts.delivery.states import DeliveryState
from contracts.errors import Conflict, Invalid, LimitReached
from contracts.payload.events import EventType
from contracts.sms.rules import TextRules
from store.access.budgets import TEST_TEXTS
from store.db.database import Database
from store.deliveries.planning import plan_event
from store.sms.daily_caps import TEST_TEXTS_A_DAY
from store.sms.phone_checks import MOST_ATTEMPTS, begin_phone_check, confirm_phone
from store.sms.test_messages import accept_test_text
from store.tables import (
    PartnerRow,
    PhoneCheckRow,
)
from tests.support.account_notices import notices
from tests.support.shelf import NOW, RULES, Shelf, Text, an_event

OWN, ELSEWHERE = "+919812345678", "+14155550199"


class TestTestTexts:
    async def test_a_few_an_hour(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb", contact_phone=OWN)
        for _ in range(TEST_TEXTS.most):
            await a_test_text(database)
        with pytest.raises(LimitReached):
            await a_test_text(database)
        await a_test_text(database, hours=1)

    async def test_they_take_nothing_from_the_customers(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(tier="smb", contact_phone=OWN, sms_daily_cap=1)
        for _ in range(3):
            await (await planned(shelf, await a_test_text(database))).ready()
        event = an_event("out_for_delivery")
        [one] = (await shelf.plan(event)).deliveries
        await Text(shelf, event, one.delivery_id).ready()

    async def test_so_many_a_day_and_no_more(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb", contact_phone=OWN)
        for number in range(TEST_TEXTS_A_DAY):
            await (await planned(shelf, await a_test_text(database, hours=number / 4))).ready()
        text = await planned(shelf, await a_test_text(database, hours=6))
        await text.claim()
        assert (await text.row()).state is DeliveryState.HELD

    async def test_to_countries_that_are_open(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb", contact_phone=ELSEWHERE)
        with pytest.raises(Conflict):
            await a_test_text(database)
        await a_test_text(database, rules=TextRules(test_countries=frozenset({"US"})))


class TestTheOwnersPhone:
    async def test_it_is_used_once_the_code_is_right(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(tier="smb")
        code = await code_sent(shelf, database)
        assert (await shelf.one(PartnerRow, "shop")).contact_phone is None
        assert await confirm(database, code)
        partner = await shelf.one(PartnerRow, "shop")
        assert partner.contact_phone_masked == "+91********78"
        assert partner.contact_phone_confirmed_at is not None
        assert [notice.about["confirmed"] for notice in await notices(database)] == [True]
        with pytest.raises(Conflict):
            await confirm(database, code)

    async def test_the_code_is_guessed_a_few_times_only(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(tier="smb")
        code = await code_sent(shelf, database)
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        for _ in range(MOST_ATTEMPTS):
            assert not await confirm(database, wrong)
        with pytest.raises(Conflict):
            await confirm(database, code)

    async def test_it_ends(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb")
        code = await code_sent(shelf, database)
        with pytest.raises(Conflict):
            await confirm(database, code, minutes=15)

    async def test_the_code_is_not_kept(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb")
        code = await code_sent(shelf, database)
        row = await shelf.one(PhoneCheckRow, "shop")
        assert code not in row.code_digest
        assert OWN not in row.phone

    async def test_so_many_codes_for_a_partner_and_to_a_phone(
        self, shelf: Shelf, database: Database
    ) -> None:
        for partner_id in ("shop", "other"):
            await shelf.add_partner(partner_id, tier="smb")
        for _ in range(3):
            await begin(database)
        for partner_id, phone in (("shop", "+919845012345"), ("other", OWN)):
            with pytest.raises(LimitReached):
                await begin(database, partner_id, phone)

    @pytest.mark.parametrize("phone", [ELSEWHERE, "+912224131234"])
    async def test_not_to_any_phone(self, shelf: Shelf, database: Database, phone: str) -> None:
        await shelf.add_partner(tier="smb")
        with pytest.raises(Invalid):
            await begin(database, phone=phone)


async def a_test_text(database: Database, *, hours: float = 0, rules: TextRules = RULES) -> str:
    """Ask for a test text; gives its event."""
    now, kind = NOW + timedelta(hours=hours), EventType.DELIVERED
    return await database.write(accept_test_text, "shop", kind, now, actor="t", rules=rules)


async def planned(shelf: Shelf, event_id: str) -> Text:
    """The delivery of a test text."""
    [one] = (await shelf.database.write(plan_event, event_id, NOW)).deliveries
    return Text(shelf, an_event(event_id=event_id), one.delivery_id)


async def begin(database: Database, partner_id: str = "shop", phone: str = OWN) -> str:
    write = database.write
    return await write(begin_phone_check, partner_id, phone, NOW, actor="t", rules=RULES)


async def code_sent(shelf: Shelf, database: Database) -> str:
    """The code, as it stands in the text that was sent."""
    event_id = await begin(database)
    ready = await (await planned(shelf, event_id)).ready()
    assert ready.to_phone == OWN
    return ready.body.partition("OTP: ")[2][:6]


async def confirm(database: Database, code: str, *, minutes: float = 1) -> bool:
    now = NOW + timedelta(minutes=minutes)
    return await database.write(confirm_phone, "shop", code, now, actor="t")
