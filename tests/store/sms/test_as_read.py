"""An SMS as the customer read it, with the code and what opens a link masked, now and later."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from contracts.payload.events import EventType
from contracts.sms.languages import Language
from store.events.bodies import body_of
from store.events.otp_erasure import erase_ended_otps
from store.sms.as_read import MASK, ReadText, text_as_read
from store.sms.templates import put_template
from store.tables import EventRow, PartnerRow, SmsMessageRow
from tests.support.shelf import NOW, WITH_CALLBACKS, Shelf, Text, an_event

CODE = "483920"
OWN = "{shop}:[ {customer},] {order_id} is out with {rider}.[ OTP {otp}.][ Stop: {opt_out}]"


async def read(text: Text) -> ReadText | None:
    """What the page would show."""

    def work(session: Session) -> ReadText | None:
        [row] = session.exec(select(SmsMessageRow)).all()
        event = body_of(session, session.get_one(EventRow, row.event_id))
        partner = session.get_one(PartnerRow, row.partner_id)
        return text_as_read(session, row, event, partner, WITH_CALLBACKS)

    return await text.shelf.database.read(work)


async def change_template(shelf: Shelf, words: str) -> None:
    await shelf.database.write(
        put_template,
        "shop",
        EventType.OUT_FOR_DELIVERY,
        Language.ENGLISH,
        words,
        NOW,
        actor="test",
        rules=WITH_CALLBACKS,
    )


async def otp_ends(shelf: Shelf) -> None:
    done = await shelf.database.write(erase_ended_otps, NOW + timedelta(hours=1), limit=10)
    assert done.erased == 1


@pytest.fixture
async def text(shelf: Shelf) -> Text:
    """A planned SMS with an OTP, of a shop with a template of its own."""
    await shelf.add_partner(tier="smb")
    await change_template(shelf, OWN)
    event = an_event("out_for_delivery")
    [planned] = (await shelf.plan(event)).deliveries
    return Text(shelf, event, planned.delivery_id)


async def test_it_says_what_was_sent_with_a_mask_for_what_is_the_customer_s_alone(
    text: Text,
) -> None:
    ready = await text.ready(rules=WITH_CALLBACKS)
    assert CODE in ready.body
    found = await read(text)
    assert found is not None
    token = ready.body.rpartition("/")[2]
    expected = ready.body.replace(CODE, MASK).replace(token, MASK)
    assert found == ReadText(expected.replace("Asha Kulkarni", "Asha"))
    assert CODE not in repr(found)


async def test_after_its_otp_has_ended_it_is_filled_in_anew(text: Text) -> None:
    await text.ready(rules=WITH_CALLBACKS)
    before = await read(text)
    await otp_ends(text.shelf)
    after = await read(text)
    assert before is not None
    assert after == ReadText(before.body, is_anew=True)


async def test_it_is_the_version_that_was_sent(text: Text) -> None:
    await text.ready(rules=WITH_CALLBACKS)
    await change_template(text.shelf, "{shop}: {order_id}.[ OTP {otp}.]")
    await otp_ends(text.shelf)
    found = await read(text)
    assert found is not None
    assert "is out with" in found.body


@pytest.mark.parametrize("label", [None, "shipped/en/1", "own/en/99"])
async def test_what_it_was_made_from_may_be_unknown(text: Text, label: str | None) -> None:
    ready = await text.ready(rules=WITH_CALLBACKS)
    await otp_ends(text.shelf)
    await text.shelf.change(SmsMessageRow, ready.sms_id, template=label)
    assert await read(text) is None


async def test_the_shipped_template_is_filled_in_anew_as_well(shelf: Shelf) -> None:
    text = await shelf.text(an_event("out_for_delivery"))
    await text.ready(rules=WITH_CALLBACKS)
    before = await read(text)
    await otp_ends(shelf)
    after = await read(text)
    assert before is not None
    assert after is not None
    assert after.body == before.body
