"""Codes and reminders as texts: to the order's phone, at most once, and only where of use."""

import re
from datetime import datetime, timedelta

import pytest

from contracts.instructions.texts import (
    TEXT_DELAYS_S,
    InstructionTextKind,
    InstructionTextResult,
    InstructionTextState,
    code_text,
)
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy
from contracts.partners import PartnerChange
from contracts.payload.event_age import MOST_AHEAD
from contracts.sms.answers import SmsAnswer, SmsFate
from contracts.sms.bodies import OptOutCreate
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from contracts.sms.sender_bodies import DltTemplatePut
from store.instructions.codes import confirm_code, issue_code
from store.instructions.reminders import REMIND_AFTER, plan_reminders
from store.instructions.texts import (
    ReadyInstructionText,
    claim_text,
    mark_text_asked,
    settle_text,
    texts_to_start,
)
from store.partners.partners import change_partner
from store.sms.opt_outs import add_opt_out
from store.sms.senders import put_dlt_template, put_sender
from store.sms.suspensions import suspend
from store.tables import InstructionRow, InstructionTextRow, PartnerRow, RestoreRow
from tests.support.instructions import (
    NEW_PHONE,
    Counter,
    a_failed_delivery,
    failed_order,
    what_follows,
)
from tests.support.shelf import ACCEPTED, BUSY, NOW, RULES, WITH_CALLBACKS, Shelf, after

PHONE = "+919876543210"
SENT, FAILED, SKIPPED, WAITING = (
    InstructionTextState.SENT,
    InstructionTextState.FAILED,
    InstructionTextState.SKIPPED,
    InstructionTextState.WAITING,
)
DUE = NOW - timedelta(hours=5) + REMIND_AFTER
"""A quarter to three in India, when a failure of half past ten is four hours old."""


@pytest.fixture
async def counter(shelf: Shelf) -> Counter:
    """An order whose delivery failed, and where it is answered."""
    return await failed_order(shelf)


async def code_asked(counter: Counter) -> tuple[InstructionRow, str]:
    """A change of phone by the customer, and the id of the text with its code."""
    given = await counter.give("change_address", by=GivenBy.CUSTOMER, phone=NEW_PHONE)
    return given, (await counter.shelf.database.write(issue_code, given.id, NOW)).id


async def claim(
    shelf: Shelf, text_id: str, now: datetime = NOW, rules: TextRules = RULES
) -> ReadyInstructionText | InstructionTextResult:
    """Claim a text, or hear why nothing is sent."""
    return await shelf.database.write(claim_text, text_id, now, rules)


async def ready(shelf: Shelf, text_id: str, now: datetime = NOW) -> ReadyInstructionText:
    """A claimed text."""
    claimed = await claim(shelf, text_id, now)
    assert isinstance(claimed, ReadyInstructionText), claimed
    return claimed


async def restored(shelf: Shelf, lost_until: datetime) -> None:
    """The database was restored from a backup, just now."""
    row = RestoreRow(restored_at=NOW, lost_until=lost_until)
    await shelf.database.write(lambda session: session.add(row))


class TestTheCode:
    @pytest.mark.parametrize("language", Language)
    async def test_it_goes_to_the_order_s_phone_in_the_partner_s_language(
        self, counter: Counter, shelf: Shelf, language: Language
    ) -> None:
        change = PartnerChange(sms_language=language)
        await shelf.database.write(change_partner, "shop", change, NOW, actor="test")
        given, text_id = await code_asked(counter)
        text = await ready(shelf, text_id)
        assert (text.to_phone, text.sender, text.validity_s) == (PHONE, "DRSTEP", 600)
        [code] = re.findall(r"\b[0-9]{6}\b", text.body)
        assert code not in repr(text)
        await shelf.database.write(settle_text, text_id, ACCEPTED, NOW)
        assert await shelf.database.write(confirm_code, given.id, code, after(60))
        assert (await counter.row(given)).state is InstructionState.OPEN

    async def test_a_claim_without_an_answer_is_not_sent_again(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        _, text_id = await code_asked(counter)
        await ready(shelf, text_id)
        assert await claim(shelf, text_id) == InstructionTextResult(FAILED)
        assert await claim(shelf, text_id) == InstructionTextResult(FAILED)

    async def test_what_was_not_sent_is_tried_again_with_another_code(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        _, text_id = await code_asked(counter)
        for delay in TEXT_DELAYS_S:
            await ready(shelf, text_id)
            result = await shelf.database.write(settle_text, text_id, BUSY, NOW)
            assert (result.state, result.again_in_s) == (WAITING, delay)
        await ready(shelf, text_id)
        result = await shelf.database.write(settle_text, text_id, BUSY, NOW)
        assert (result.state, result.again_in_s) == (FAILED, None)

    async def test_an_ambiguous_answer_is_the_end(self, counter: Counter, shelf: Shelf) -> None:
        _, text_id = await code_asked(counter)
        await ready(shelf, text_id)
        unknown = SmsAnswer(SmsFate.UNKNOWN, "timeout")
        assert (await shelf.database.write(settle_text, text_id, unknown, NOW)).state is FAILED

    async def test_a_stop_keeps_it_for_a_while(self, counter: Counter, shelf: Shelf) -> None:
        _, text_id = await code_asked(counter)
        await shelf.database.write(suspend, "all", NOW, reason="r", made_by="key_1")
        result = await claim(shelf, text_id)
        assert result == InstructionTextResult(WAITING, "sms_suspended", TEXT_DELAYS_S[0])

    async def test_where_it_goes_nowhere(self, counter: Counter, shelf: Shelf) -> None:
        given, text_id = await code_asked(counter)
        assert await claim(shelf, text_id, rules=TextRules()) == InstructionTextResult(SKIPPED)
        await shelf.database.write(put_sender, "DRSTEP", "1" * 19, "DRSTEP", NOW, actor="test")
        second = (await shelf.database.write(issue_code, given.id, after(1))).id
        assert await claim(shelf, second, after(1)) == InstructionTextResult(SKIPPED)
        third = (await shelf.database.write(issue_code, given.id, after(2))).id
        await counter.give("hold", now=after(2))
        assert await claim(shelf, third, after(2)) == InstructionTextResult(SKIPPED)
        rows = await shelf.all_rows(InstructionTextRow)
        assert all(row.why and row.code_digest is None for row in rows)

    async def test_a_shop_s_sign_keeps_no_code_from_being_registered(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        """Operators compare by the character: what other texts leave out of a name is left out."""
        await shelf.change(PartnerRow, "shop", name="Tea\u2122 www.tea.example")
        await shelf.database.write(put_sender, "DRSTEP", "1" * 19, "DRSTEP", NOW, actor="test")
        registered = code_text(Language.ENGLISH, shop="{#var#}", order="{#var#}", code="{#var#}")
        asked = DltTemplatePut(
            event_type="delivery_failed",
            language=Language.ENGLISH,
            category="service_implicit",
            text=registered,
        )
        await shelf.database.write(put_dlt_template, "DRSTEP", "7" * 19, asked, NOW, actor="test")
        _, text_id = await code_asked(counter)
        assert (await ready(shelf, text_id)).body.startswith("Tea: ")

    async def test_an_opted_out_phone_is_left_alone(self, counter: Counter, shelf: Shelf) -> None:
        _, text_id = await code_asked(counter)
        wish = OptOutCreate(partner_id="shop", phone=PHONE)
        await shelf.database.write(add_opt_out, wish, NOW, actor="test")
        assert await claim(shelf, text_id) == InstructionTextResult(SKIPPED)

    async def test_temporal_is_asked_once(self, counter: Counter, shelf: Shelf) -> None:
        _, text_id = await code_asked(counter)
        [text] = await shelf.database.read(texts_to_start, NOW)
        assert (text.text_id, text.kind) == (text_id, InstructionTextKind.CODE)
        await shelf.database.write(mark_text_asked, text_id, NOW)
        assert await shelf.database.read(texts_to_start, after(60)) == []
        assert await shelf.database.read(texts_to_start, after(121)) == [text]


class TestTheCodeAfterARestore:
    async def test_one_that_was_asked_for_before_may_have_been_sent(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        _, text_id = await code_asked(counter)
        await restored(shelf, lost_until=NOW)
        assert await claim(shelf, text_id) == InstructionTextResult(FAILED)
        why = (await shelf.one(InstructionTextRow, text_id)).why
        assert why == "restored: it may have been sent"

    async def test_one_that_is_asked_for_since_goes_out(
        self, counter: Counter, shelf: Shelf
    ) -> None:
        await restored(shelf, lost_until=NOW - timedelta(seconds=1))
        _, text_id = await code_asked(counter)
        await ready(shelf, text_id)


class TestTheReminder:
    @pytest.fixture
    async def unanswered(self, shelf: Shelf) -> Counter:
        """A failure of this morning that nobody has answered; the partner wants reminders."""
        await shelf.add_partner(instruction_reminder=True)
        failed = NOW - timedelta(hours=5)
        await shelf.accept(a_failed_delivery(at=failed), now=failed)
        return Counter(shelf)

    async def planned(self, shelf: Shelf, now: datetime = DUE) -> list[InstructionTextState]:
        await shelf.database.write(plan_reminders, now, limit=10)
        return [row.state for row in await shelf.all_rows(InstructionTextRow)]

    async def test_once_after_four_hours(self, unanswered: Counter, shelf: Shelf) -> None:
        assert await self.planned(shelf, DUE - timedelta(seconds=1)) == []
        assert await self.planned(shelf) == [WAITING]
        assert await self.planned(shelf) == [WAITING]
        [text] = await shelf.database.read(texts_to_start, DUE)
        assert (await ready(shelf, text.text_id, DUE)).to_phone == PHONE

    @pytest.mark.parametrize("hours", [10, 17])
    async def test_not_at_night(self, unanswered: Counter, shelf: Shelf, hours: int) -> None:
        """Half past eight in the evening, and half past three in the morning."""
        assert await self.planned(shelf, NOW - timedelta(hours=5) + timedelta(hours=hours)) == []

    async def test_not_where_somebody_has_answered(self, unanswered: Counter, shelf: Shelf) -> None:
        await unanswered.give("hold")
        assert await self.planned(shelf) == []

    async def test_not_where_the_partner_does_not_want_it(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        failed = NOW - timedelta(hours=5)
        await shelf.accept(a_failed_delivery(at=failed), now=failed)
        assert await self.planned(shelf) == []

    async def test_not_where_the_next_attempt_is_near(self, shelf: Shelf) -> None:
        await shelf.add_partner(instruction_reminder=True)
        failed = NOW - timedelta(hours=5)
        near = (DUE + timedelta(minutes=30)).isoformat()
        await shelf.accept(a_failed_delivery(at=failed, next_attempt_at=near), now=failed)
        assert await self.planned(shelf) == [SKIPPED]

    async def test_it_links_to_the_page_unless_its_sender_may_not(
        self, unanswered: Counter, shelf: Shelf
    ) -> None:
        await shelf.change(PartnerRow, "shop", tracking_enabled=True)
        await self.planned(shelf)
        [text] = await shelf.database.read(texts_to_start, DUE)
        how = (text.text_id, DUE, WITH_CALLBACKS)

        async def said() -> str:
            claimed = await claim(shelf, *how)
            assert isinstance(claimed, ReadyInstructionText)
            await shelf.database.write(settle_text, text.text_id, BUSY, DUE)
            return claimed.body

        assert re.search(r" https://doorstep\.example/t/[\w-]{22}$", await said())
        await shelf.database.write(
            put_sender,
            *("DRSTEP", "1" * 19, "DRSTEP", DUE),
            actor="test",
            link_prefixes=["https://another.example/"],
        )
        assert await claim(shelf, *how) == InstructionTextResult(SKIPPED)  # nothing is registered

    async def test_one_that_was_due_before_a_restore_may_have_been_sent(
        self, unanswered: Counter, shelf: Shelf
    ) -> None:
        await self.planned(shelf)
        [text] = await shelf.database.read(texts_to_start, DUE)
        await restored(shelf, lost_until=DUE)
        assert await claim(shelf, text.text_id, DUE) == InstructionTextResult(FAILED)

    async def test_one_that_was_not_due_then_goes_out(
        self, unanswered: Counter, shelf: Shelf
    ) -> None:
        await self.planned(shelf)
        [text] = await shelf.database.read(texts_to_start, DUE)
        await restored(shelf, lost_until=DUE - MOST_AHEAD - timedelta(seconds=1))
        await ready(shelf, text.text_id, DUE)

    async def test_one_that_is_answered_meanwhile_is_not_sent(
        self, unanswered: Counter, shelf: Shelf
    ) -> None:
        await self.planned(shelf)
        [text] = await shelf.database.read(texts_to_start, DUE)
        await shelf.accept(what_follows("out_for_delivery", -600))
        assert await claim(shelf, text.text_id, DUE) == InstructionTextResult(SKIPPED)
