"""What a partner's people see and change about texts, their words, and who wants none."""

import re

import pytest

from contracts.access.users import Role
from contracts.delivery.states import OptOutSource, SmsState
from contracts.partners import PartnerChange
from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.variables import VARIABLES
from dashboard.translations import words_in
from sandbox.twilio import TwilioSandbox
from store.partners.partners import change_partner
from store.sms.senders import put_sender
from tests.support.factories import make_event
from tests.support.otps import otp_of
from tests.support.shelf import NOW
from tests.support.stack import Stack
from tests.support.twilio import texter_on
from tests.support.visitor import Visitor
from tests.support.waiting import eventually

PHONE = "+91 98765 43210"
ORDER_IN_HINDI = "/p/shop/texts/order_confirmed/hi"


@pytest.fixture
async def member(owner: Visitor) -> Visitor:
    """A member of `shop`."""
    return await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")


class TestTheSettings:
    async def test_an_owner_switches_texts_on_for_some_types(
        self, owner: Visitor, stack: Stack
    ) -> None:
        asked = {"on": "yes", "types": ["out_for_delivery", "delivered"], "language": "hi"}
        saved = await owner.post("/p/shop/texts", asked)
        assert "Saved." in saved.text
        partner = (await stack.api.get("/v1/partners/shop")).json()
        assert (partner["sms_enabled"], partner["sms_language"]) == (True, "hi")
        assert partner["sms_event_types"] == ["out_for_delivery", "delivered"]
        assert partner["sms_fallback_types"] is None

    async def test_every_type_ticked_is_kept_as_every_type(
        self, owner: Visitor, stack: Stack
    ) -> None:
        asked = {"on": "yes", "types": [kind.value for kind in EventType], "language": "en"}
        await owner.post("/p/shop/texts", asked)
        partner = (await stack.api.get("/v1/partners/shop")).json()
        assert partner["sms_event_types"] is None

    async def test_the_fallback_texts_the_types_that_were_ticked(
        self, owner: Visitor, stack: Stack
    ) -> None:
        asked = {"fallback": "yes", "fallback_types": ["delivered"], "language": "en"}
        page = await owner.post("/p/shop/texts", asked)
        partner = (await stack.api.get("/v1/partners/shop")).json()
        assert (partner["sms_enabled"], partner["sms_fallback"]) == (False, True)
        assert partner["sms_fallback_types"] == ["delivered"]
        assert "only when a webhook fails" in page.text

    async def test_texts_for_no_type_are_refused_with_what_was_ticked(self, owner: Visitor) -> None:
        page = await owner.post("/p/shop/texts", {"on": "yes", "language": "en"})
        assert (page.status, "at least one event" in page.text) == (422, True)
        assert 'name="on" value="yes" checked' in page.html

    async def test_a_member_reads_and_does_not_change(self, member: Visitor) -> None:
        page = await member.get("/p/shop/texts")
        assert (page.status, "Only owners can change this" in page.text) == (200, True)
        assert (await member.post("/p/shop/texts", {"on": "yes"})).status == 403
        assert (await member.post("/p/shop/texts/phone", {"phone": PHONE})).status == 403

    async def test_another_partner_is_not_found(self, owner: Visitor, stack: Stack) -> None:
        await stack.add_partner("other")
        for path in ("/texts", "/texts/opt-outs", "/texts/delivered/en"):
            assert (await owner.get(f"/p/other{path}")).status == 404
            assert (await owner.post(f"/p/other{path}")).status == 404


class TestThePreviews:
    async def test_there_is_one_for_each_type_with_its_length(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/texts")
        assert page.html.count('class="bubble"') == len(EventType)
        assert "Chai Point: your order ORD-48213 was delivered. Thank you." in page.text
        assert "One text of 58 characters; one holds 160." in page.text

    async def test_one_type_alone_can_be_shown(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/texts?language=hi&type=delivered")
        assert page.html.count('class="bubble"') == 1
        assert "डिलीवर हो गया है" in page.text

    async def test_hindi_says_that_it_is_more_than_one_and_why(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/texts?language=hi&type=out_for_delivery")
        said = re.search(r"(\d) texts, because of the letter “(.)” and others like it", page.text)
        assert said is not None
        assert int(said[1]) > 1
        assert "one text holds 70 characters in place of 160" in page.text

    async def test_english_stands_in_for_a_language_without_a_text(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/texts?language=ta&type=delivered")
        assert "There is no text in Tamil for this event" in page.text
        assert "was delivered. Thank you." in page.text

    async def test_a_language_that_nobody_knows_is_the_partners(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/texts?language=xx&type=nothing")
        assert (page.status, page.html.count('class="bubble"')) == (200, len(EventType))


class TestTheOwnersPhone:
    async def test_it_is_used_once_the_code_from_the_text_is_typed_in(
        self, owner: Visitor, member: Visitor, stack: Stack
    ) -> None:
        page = await owner.post("/p/shop/texts/phone", {"phone": PHONE})
        assert "+91********10" in page.text
        [event_id] = re.findall(r"/p/shop/events/(test_\w+)", page.html)
        code = await otp_of(stack, event_id)
        shown = await stack.api.get(f"/v1/events/{event_id}")
        assert code not in shown.text + page.html
        confirm = "/p/shop/texts/phone/code"
        assert confirm not in (await member.get("/p/shop/texts")).html
        assert (await member.post(confirm, {"code": code})).status == 403
        assert (await owner.post(confirm, {"code": "wrong"})).status == 422
        assert (await contact_phone(stack)) is None
        assert "The number is saved" in (await owner.post(confirm, {"code": code})).text
        assert (await contact_phone(stack)) == "+91********10"
        assert (await owner.post(confirm, {"code": code})).status == 409

    async def test_it_is_masked_and_gets_a_test_text(self, owner: Visitor, stack: Stack) -> None:
        await stack.api.patch("/v1/partners/shop", json={"contact_phone": PHONE})
        page = await owner.get("/p/shop/texts")
        assert "+91********10" in page.text
        assert "98765" not in page.html.replace("+91 98765 43210", "", 1)  # the hint's own sample
        sent = await owner.post("/p/shop/texts/test", {"type": "delivered"})
        assert "The test text is on its way" in sent.text
        [event_id] = re.findall(r"/p/shop/events/(test_\w+)", sent.html)
        assert (await stack.event(event_id))["is_test"]

    async def test_the_page_tells_when_the_test_text_has_arrived(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await stack.api.patch("/v1/partners/shop", json={"contact_phone": PHONE})
        async with TwilioSandbox() as twilio, stack.called_by_twilio():
            sent = await owner.post("/p/shop/texts/test", {"type": "delivered"})
            assert 'data-every-s="2"' in sent.html
            place = sent.url.partition("/dashboard")[2]
            async with stack.worker(texter=texter_on(twilio)):
                page = await eventually(
                    lambda: owner.get(place), lambda page: "has arrived on your phone" in page.text
                )
        assert 'data-every-s="2"' not in page.html
        assert "Sent today one text" in page.text

    async def test_an_event_that_is_no_test_of_this_shop_says_nothing(
        self, owner: Visitor, stack: Stack
    ) -> None:
        event_id = await stack.send(make_event())
        for other in (event_id, "test_nothing"):
            page = await owner.get(f"/p/shop/texts?test={other}")
            assert (page.status, "test text is" in page.text) == (200, False)

    async def test_a_number_that_cannot_be_texted_is_refused(self, owner: Visitor) -> None:
        for wrong in ("nonsense", "+91 22 2345 6789"):
            page = await owner.post("/p/shop/texts/phone", {"phone": wrong})
            assert (page.status, "cannot be texted" in page.text) == (422, True)

    async def test_an_empty_one_is_forgotten(self, owner: Visitor, stack: Stack) -> None:
        await stack.api.patch("/v1/partners/shop", json={"contact_phone": PHONE})
        page = await owner.post("/p/shop/texts/phone", {"phone": ""})
        assert "No phone is set yet" in page.text
        partner = (await stack.api.get("/v1/partners/shop")).json()
        assert partner["contact_phone_masked"] is None

    async def test_without_one_no_test_text_is_sent(self, owner: Visitor) -> None:
        assert (await owner.post("/p/shop/texts/test", {"type": "delivered"})).status == 409


class TestWords:
    async def test_they_are_tried_out_without_being_kept(self, owner: Visitor) -> None:
        tried = await owner.post(ORDER_IN_HINDI, {"text": "{shop}: {order_id} ✓", "look": "yes"})
        assert "Chai Point: ORD-48213 ✓" in tried.text
        assert "because of the sign “✓”" in tried.text
        assert "✓" not in (await owner.get(ORDER_IN_HINDI)).text

    async def test_faults_are_said_beside_the_words_and_nothing_is_kept(
        self, owner: Visitor
    ) -> None:
        asked = {"text": "{shop}: {nobody} ({otp", "save": "yes"}
        page = await owner.post(ORDER_IN_HINDI, asked)
        assert (page.status, "Correct this first" in page.text) == (422, True)
        assert "{shop}: {nobody} ({otp" in page.text
        assert "These are our words" in (await owner.get(ORDER_IN_HINDI)).text

    async def test_what_operators_would_block_is_not_kept(
        self, owner: Visitor, stack: Stack
    ) -> None:
        sender = ("OWNSND", "1101234567890123456", "OWNSND", NOW)
        await stack.database.write(put_sender, *sender, actor="test")
        change = PartnerChange(sms_sender="OWNSND")
        await stack.database.write(change_partner, "shop", change, NOW, actor="test")
        asked = {"text": "{shop}: {order_id}", "save": "yes"}
        page = await owner.post(ORDER_IN_HINDI, asked)
        assert (page.status, "Correct this first" in page.text) == (422, True)
        assert "These are our words" in (await owner.get(ORDER_IN_HINDI)).text

    async def test_no_words_at_all_are_told(self, owner: Visitor) -> None:
        page = await owner.post(ORDER_IN_HINDI, {"text": " ", "save": "yes"})
        assert (page.status, "Write what the customer is to read" in page.text) == (422, True)

    async def test_they_hold_from_now_on_until_ours_are_taken_again(self, owner: Visitor) -> None:
        asked = {"text": "{shop}:\r\nyour order {order_id}", "save": "yes"}
        saved = await owner.post(ORDER_IN_HINDI, asked)
        assert "These are your own words, version 1." in saved.text
        assert (
            "Chai Point: your order ORD-48213"
            in (await owner.get("/p/shop/texts?language=hi")).text
        )
        reset = await owner.post(f"{ORDER_IN_HINDI}/reset")
        assert "These are our words" in reset.text

    async def test_a_member_reads_them(self, member: Visitor) -> None:
        page = await member.get(ORDER_IN_HINDI)
        assert (page.status, "<textarea" in page.html) == (200, False)
        asked = {"text": "{shop}", "save": "yes"}
        assert (await member.post(ORDER_IN_HINDI, asked)).status == 403
        assert (await member.post(f"{ORDER_IN_HINDI}/reset")).status == 403


class TestOptOuts:
    async def test_a_phone_is_added_masked_and_taken_away(
        self, owner: Visitor, stack: Stack
    ) -> None:
        page = await owner.post("/p/shop/texts/opt-outs", {"phone": PHONE})
        assert "+91********10" in page.text
        assert "by you" in page.text
        [opt_out_id] = re.findall(r"/texts/opt-outs/(opt_\w+)/remove", page.html)
        again = await owner.post(f"/p/shop/texts/opt-outs/{opt_out_id}/remove")
        assert "Nobody: every customer may be texted." in again.text

    async def test_a_wrong_number_is_told(self, owner: Visitor) -> None:
        page = await owner.post("/p/shop/texts/opt-outs", {"phone": "12"})
        assert (page.status, "with its country code" in page.text) == (422, True)

    async def test_they_come_in_pages_the_newest_first(self, owner: Visitor, stack: Stack) -> None:
        for last in range(10, 62):
            body = {"partner_id": "shop", "phone": f"+9198765432{last}"}
            await stack.api.post("/v1/sms/opt-outs", json=body)
        first = await owner.get("/p/shop/texts/opt-outs")
        assert first.html.index("+91********61") < first.html.index("+91********60")
        [older] = re.findall(r'rel="next" href="/dashboard([^"]+)"', first.html)
        second = await owner.get(older)
        assert ("+91********11" in second.text, "+91********12" in second.text) == (True, False)

    async def test_a_member_only_reads(self, member: Visitor) -> None:
        assert (await member.get("/p/shop/texts/opt-outs")).status == 200
        assert (await member.post("/p/shop/texts/opt-outs", {"phone": PHONE})).status == 403

    async def test_another_partners_cannot_be_taken_away(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await stack.add_partner("other")
        body = {"partner_id": "other", "phone": "+919876543210"}
        made = (await stack.api.post("/v1/sms/opt-outs", json=body)).json()
        page = await owner.post(f"/p/shop/texts/opt-outs/{made['id']}/remove")
        assert page.status == 404


def test_every_word_of_the_contract_about_texts_has_its_own_here() -> None:
    t = words_in()
    expected = [
        *(f"variable-{one.name}" for one in VARIABLES),
        *(f"language-{one}" for one in Language),
        *(f"opt-out-by-{one}" for one in OptOutSource),
        *(f"tested-{one}" for one in SmsState),
    ]
    assert [one for one in expected if not t.has(one)] == []


async def contact_phone(stack: Stack) -> str | None:
    """The shop owner's phone, masked."""
    partner = (await stack.api.get("/v1/partners/shop")).json()
    masked: str | None = partner["contact_phone_masked"]
    return masked
