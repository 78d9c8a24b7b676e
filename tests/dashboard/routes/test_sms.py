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
from tests.support.factories import make_event, make_groups, make_order
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


class TestTheYes:
    async def test_a_new_shop_sees_each_text_with_its_cost_and_says_yes(
        self, visitor: Visitor, stack: Stack
    ) -> None:
        owner = await owner_of_a_new_shop(visitor, stack)
        page = await owner.get("/p/sarees/texts?language=hi")
        assert "Waiting for your yes" in page.text
        assert page.html.count('class="bubble"') == len(EventType)
        assert "Hindi letters: 70 per SMS" in page.text
        assert "Sender ID: DRSTEP" in page.text
        on = await owner.post("/p/sarees/texts/switch", {"on": "on", "language": "hi"})
        assert "SMS updates are on." in on.text
        partner = (await stack.api.get("/v1/partners/sarees")).json()
        assert (partner["sms_enabled"], partner["sms_awaits_owner"]) == (True, False)
        assert partner["sms_language"] == "hi"

    async def test_only_the_yes_of_an_owner_counts(self, visitor: Visitor, stack: Stack) -> None:
        await owner_of_a_new_shop(visitor, stack)
        member = await Visitor(visitor.app).sign_in_as(Role.MEMBER, "sarees")
        page = await member.get("/p/sarees/texts")
        assert "Only owners can change this" in page.text
        assert "texts/switch" not in page.html
        assert (await member.post("/p/sarees/texts/switch", {"on": "on"})).status == 403
        partner = (await stack.api.get("/v1/partners/sarees")).json()
        assert (partner["sms_enabled"], partner["sms_awaits_owner"]) == (False, True)

    async def test_nobody_is_texted_before_it_and_the_row_says_why(
        self, visitor: Visitor, stack: Stack
    ) -> None:
        owner = await owner_of_a_new_shop(visitor, stack)
        async with TwilioSandbox() as twilio, stack.called_by_twilio():
            async with stack.worker(texter=texter_on(twilio)):
                before = await stack.send(confirmed("ORD-BEFORE"))
                skipped = await stack.delivery(before, "skipped")
            assert (skipped["channel"], skipped["skip_reason"]) == ("sms", "sms_awaits_owner")
            page = await owner.get(f"/p/sarees/events/{before}")
            assert "SMS updates have not been turned on yet." in page.text
            await owner.post("/p/sarees/texts/switch", {"on": "on", "language": "en"})
            async with stack.worker(texter=texter_on(twilio)):
                await stack.delivery(await stack.send(confirmed("ORD-AFTER")), "delivered")
            assert len(twilio.messages) == 1
            assert (await stack.delivery(before, "skipped"))["skip_reason"] == "sms_awaits_owner"


class TestTheSwitches:
    async def test_the_main_one_saves_at_once(self, owner: Visitor, stack: Stack) -> None:
        await stack.api.patch("/v1/partners/shop", json={"sms_enabled": True})
        page = await owner.get("/p/shop/texts")
        assert 'role="switch" aria-checked="true" name="on" value="off"' in page.html
        off = await owner.post("/p/shop/texts/switch", {"on": "off"})
        assert "SMS updates are off." in off.text
        assert not (await stack.api.get("/v1/partners/shop")).json()["sms_enabled"]

    async def test_each_type_has_one_which_is_not_there_while_sms_are_off(
        self, owner: Visitor, stack: Stack
    ) -> None:
        off = await owner.get("/p/shop/texts/settings")
        assert ("texts/types/delivered" in off.html, "SMS updates are off." in off.text) == (
            False,
            True,
        )
        await stack.api.patch("/v1/partners/shop", json={"sms_enabled": True})
        await owner.post("/p/shop/texts/types/delivered", {"on": "off"})
        partner = (await stack.api.get("/v1/partners/shop")).json()
        left = [kind.value for kind in EventType if kind is not EventType.DELIVERED]
        assert partner["sms_event_types"] == left
        await owner.post("/p/shop/texts/types/delivered", {"on": "on"})
        assert (await stack.api.get("/v1/partners/shop")).json()["sms_event_types"] is None

    async def test_the_last_type_stays_on(self, owner: Visitor, stack: Stack) -> None:
        change = {"sms_enabled": True, "sms_event_types": ["delivered"]}
        await stack.api.patch("/v1/partners/shop", json=change)
        page = await owner.post("/p/shop/texts/types/delivered", {"on": "off"})
        assert (page.status, "At least one update has to stay on" in page.text) == (422, True)

    async def test_the_fallback_has_its_own(self, owner: Visitor, stack: Stack) -> None:
        page = await owner.post("/p/shop/texts/fallback", {"on": "on"})
        assert "Only when a webhook fails" in page.text
        await owner.post("/p/shop/texts/fallback/delivered", {"on": "on"})
        partner = (await stack.api.get("/v1/partners/shop")).json()
        assert (partner["sms_enabled"], partner["sms_fallback"]) == (False, True)
        assert "delivered" in partner["sms_fallback_types"]
        await owner.post("/p/shop/texts/fallback/delivered", {"on": "off"})
        assert (await stack.api.get("/v1/partners/shop")).json()["sms_fallback_types"] is None

    async def test_who_chooses_the_fallback_waits_for_no_yes(
        self, visitor: Visitor, stack: Stack
    ) -> None:
        owner = await owner_of_a_new_shop(visitor, stack, webhook_enabled=True)
        await owner.post("/p/sarees/texts/fallback", {"on": "on"})
        partner = (await stack.api.get("/v1/partners/sarees")).json()
        said = [partner[f"sms_{name}"] for name in ("enabled", "awaits_owner", "fallback")]
        assert said == [False, False, True]

    async def test_the_language_is_chosen_with_its_cost_beside_it(
        self, owner: Visitor, stack: Stack
    ) -> None:
        page = await owner.get("/p/shop/texts/settings")
        assert "English: 1 SMS per message" in page.text
        assert "Hindi: 1 to 3 SMS per message" in page.text
        await owner.post("/p/shop/texts/language", {"language": "hi"})
        assert (await stack.api.get("/v1/partners/shop")).json()["sms_language"] == "hi"

    async def test_a_member_reads_and_does_not_change(self, member: Visitor) -> None:
        for tab in ("", "/templates", "/opt-outs", "/settings"):
            assert (await member.get(f"/p/shop/texts{tab}")).status == 200
        page = await member.get("/p/shop/texts/settings")
        assert ("Only owners can change this" in page.text, "<switch" in page.html) == (True, False)
        for place in ("switch", "types/delivered", "fallback", "fallback/delivered", "language"):
            assert (await member.post(f"/p/shop/texts/{place}", {"on": "on"})).status == 403
        assert (await member.post("/p/shop/texts/phone", {"phone": PHONE})).status == 403

    async def test_another_partner_is_not_found(self, owner: Visitor, stack: Stack) -> None:
        await stack.add_partner("other")
        tabs = ("", "/templates", "/opt-outs", "/settings", "/delivered/en")
        for path in tabs:
            assert (await owner.get(f"/p/other/texts{path}")).status == 404
        for path in ("/switch", "/opt-outs", "/language", "/test", "/types/delivered"):
            assert (await owner.post(f"/p/other/texts{path}")).status == 404


class TestTheTemplates:
    async def test_there_is_a_card_for_each_type_with_its_cost(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/texts/templates")
        assert page.html.count('class="bubble"') == len(EventType)
        assert "Chai Point: your order ORD-48213 was delivered. Thank you." in page.text
        assert "1 SMS (58/160 characters)" in page.text

    async def test_hindi_says_that_it_is_more_than_one_and_why(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/texts/templates?language=hi")
        assert re.search(r"[23] SMS \(\d+ characters\)", page.text)
        assert "Hindi letters: 70 per SMS" in page.text

    async def test_the_overview_tells_which_costs_more(self, owner: Visitor, stack: Stack) -> None:
        await stack.api.patch("/v1/partners/shop", json={"sms_enabled": True})
        dear = {"text": "{shop}: order {order_id} was delivered. " + "Thank you. " * 15}
        await owner.post("/p/shop/texts/delivered/en", {**dear, "save": "yes"})
        page = await owner.get("/p/shop/texts")
        [row] = re.findall(r'<th scope="row"[^>]*>Delivered</th>.*?</tr>', page.html, re.DOTALL)
        assert "2 SMS (" in row
        assert page.html.count("1 SMS (") == len(EventType) - 1
        assert "3 messages, 4 SMS in all" in page.text

    async def test_english_stands_in_for_a_language_without_a_text(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/texts/templates?language=ta")
        assert "There is no template in Tamil for this update" in page.text
        assert "was delivered. Thank you." in page.text

    async def test_a_language_that_nobody_knows_is_the_partners(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/texts/templates?language=xx&card=nothing")
        assert (page.status, page.html.count('class="bubble"')) == (200, len(EventType))

    async def test_what_would_be_blocked_in_india_is_never_shown_as_on(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await stack.api.patch("/v1/partners/shop", json={"sms_enabled": True})
        await register_own_sender(stack)
        for tab in ("", "/templates"):
            page = await owner.get(f"/p/shop/texts{tab}")
            assert page.text.count("Will be blocked") >= len(EventType)
        assert "no DLT template is registered for it" in page.text


class TestATestInItsPlace:
    async def test_the_card_asks_for_the_phone_and_sends_its_test_once_it_is_proven(
        self, owner: Visitor, stack: Stack
    ) -> None:
        cards = await owner.get("/p/shop/texts/templates")
        assert cards.html.count('name="phone"') == len(EventType)
        asked = await owner.post("/p/shop/texts/test", {"type": "delivered", "phone": PHONE})
        card = card_of(asked.html, "delivered")
        assert ("+91********10" in card, "texts/test/code" in card) == (True, True)
        [event_id] = re.findall(r"/p/shop/events/(test_\w+)", card)
        wrong = await owner.post("/p/shop/texts/test/code", {"type": "delivered", "code": "1"})
        assert "That is not the OTP" in card_of(wrong.html, "delivered")
        code = await otp_of(stack, event_id)
        sent = await owner.post("/p/shop/texts/test/code", {"type": "delivered", "code": code})
        card = card_of(sent.html, "delivered")
        assert "The test SMS is queued" in card
        [test_id] = re.findall(r"/p/shop/events/(test_\w+)", card)
        assert (await stack.event(test_id))["event_type"] == "delivered"

    async def test_the_result_is_in_the_card(self, owner: Visitor, stack: Stack) -> None:
        await stack.api.patch("/v1/partners/shop", json={"contact_phone": PHONE})
        async with TwilioSandbox() as twilio, stack.called_by_twilio():
            sent = await owner.post("/p/shop/texts/test", {"type": "delivered"})
            assert 'data-every-s="2"' in card_of(sent.html, "delivered")
            place = sent.url.partition("/dashboard")[2].partition("#")[0]
            async with stack.worker(texter=texter_on(twilio)):
                page = await eventually(
                    lambda: owner.get(place), lambda page: "has reached your phone" in page.text
                )
        assert "has reached your phone" in card_of(page.html, "delivered")
        assert 'data-every-s="2"' not in page.html

    async def test_a_test_goes_out_before_the_yes(self, visitor: Visitor, stack: Stack) -> None:
        owner = await owner_of_a_new_shop(visitor, stack, contact_phone=PHONE)
        async with TwilioSandbox() as twilio, stack.called_by_twilio():
            await owner.post("/p/sarees/texts/test", {"type": "order_confirmed"})
            async with stack.worker(texter=texter_on(twilio)):
                await eventually(lambda: sent_by(twilio), lambda count: count == 1)

    async def test_an_event_that_is_no_test_of_this_shop_says_nothing(
        self, owner: Visitor, stack: Stack
    ) -> None:
        event_id = await stack.send(make_event())
        for other in (event_id, "test_nothing"):
            page = await owner.get(f"/p/shop/texts/templates?card=delivered&test={other}")
            assert (page.status, "test SMS is" in page.text) == (200, False)

    async def test_a_number_that_cannot_be_texted_is_refused_in_the_card(
        self, owner: Visitor
    ) -> None:
        asked = {"type": "delivered", "phone": "+91 22 2345 6789"}
        page = await owner.post("/p/shop/texts/test", asked)
        assert page.status == 422
        assert "cannot get an SMS" in card_of(page.html, "delivered")

    async def test_a_member_cannot_name_a_phone(self, member: Visitor, stack: Stack) -> None:
        asked = {"type": "delivered", "phone": PHONE}
        assert (await member.post("/p/shop/texts/test", asked)).status == 409
        assert await contact_phone(stack) is None


class TestTheOwnersPhone:
    async def test_it_is_used_once_the_code_from_the_text_is_typed_in(
        self, owner: Visitor, member: Visitor, stack: Stack
    ) -> None:
        page = await owner.post("/p/shop/texts/phone", {"phone": PHONE})
        assert "+91********10" in page.text
        [event_id] = await events_of_tests(stack)
        code = await otp_of(stack, event_id)
        shown = await stack.api.get(f"/v1/events/{event_id}")
        assert code not in shown.text + page.html
        confirm = "/p/shop/texts/phone/code"
        assert confirm not in (await member.get("/p/shop/texts/settings")).html
        assert (await member.post(confirm, {"code": code})).status == 403
        assert (await owner.post(confirm, {"code": "wrong"})).status == 422
        assert (await contact_phone(stack)) is None
        typed = f"{code[:3]} {code[3:]}".translate(str.maketrans("0123456789", "०१२३४५६७८९"))
        assert "The number is saved" in (await owner.post(confirm, {"code": typed})).text
        assert (await contact_phone(stack)) == "+91********10"
        assert (await owner.post(confirm, {"code": code})).status == 409

    async def test_one_that_was_set_for_them_says_that_nobody_has_confirmed_it(
        self, owner: Visitor, member: Visitor, stack: Stack
    ) -> None:
        await stack.api.patch("/v1/partners/shop", json={"contact_phone": PHONE})
        page, confirm = await owner.get("/p/shop/texts/settings"), "/p/shop/texts/phone/confirm"
        assert "Not confirmed" in page.text
        assert (confirm in page.html, (await member.post(confirm)).status) == (True, 403)
        assert "+91********10" in (await owner.post(confirm)).text
        [event_id] = await events_of_tests(stack)
        code = await otp_of(stack, event_id)
        saved = await owner.post("/p/shop/texts/phone/code", {"code": code})
        assert ("The number is saved" in saved.text, "Not confirmed" in saved.text) == (True, False)
        shown = (await stack.api.get("/v1/partners/shop")).json()
        assert shown["contact_phone_confirmed_at"] is not None

    async def test_there_is_nothing_to_confirm_without_one(self, owner: Visitor) -> None:
        assert (await owner.post("/p/shop/texts/phone/confirm")).status == 409

    async def test_it_is_masked(self, owner: Visitor, stack: Stack) -> None:
        await stack.api.patch("/v1/partners/shop", json={"contact_phone": PHONE})
        page = await owner.get("/p/shop/texts/settings")
        assert "+91********10" in page.text
        assert "98765" not in page.html.replace("+91 98765 43210", "", 1)  # the hint's own sample

    async def test_a_number_that_cannot_be_texted_is_refused(self, owner: Visitor) -> None:
        for wrong in ("nonsense", "+91 22 2345 6789"):
            page = await owner.post("/p/shop/texts/phone", {"phone": wrong})
            assert page.status == 422
            assert 'role="alert"' in page.html

    async def test_an_empty_one_is_forgotten(self, owner: Visitor, stack: Stack) -> None:
        await stack.api.patch("/v1/partners/shop", json={"contact_phone": PHONE})
        page = await owner.post("/p/shop/texts/phone", {"phone": ""})
        assert "No phone is set yet" in page.text
        assert await contact_phone(stack) is None

    async def test_without_one_no_test_text_is_sent(self, owner: Visitor) -> None:
        assert (await owner.post("/p/shop/texts/test", {"type": "delivered"})).status == 409


class TestWords:
    async def test_they_are_tried_out_without_being_kept(self, owner: Visitor) -> None:
        tried = await owner.post(ORDER_IN_HINDI, {"text": "{shop}: {order_id} ✓", "look": "yes"})
        assert "Chai Point: ORD-48213 ✓" in tried.text
        assert "The sign “✓” makes it 70 characters per SMS" in tried.text
        assert "✓" not in (await owner.get(ORDER_IN_HINDI)).text

    async def test_faults_are_said_beside_the_words_and_nothing_is_kept(
        self, owner: Visitor
    ) -> None:
        asked = {"text": "{shop}: {nobody} ({otp", "save": "yes"}
        page = await owner.post(ORDER_IN_HINDI, asked)
        assert (page.status, "Correct this first" in page.text) == (422, True)
        assert "{shop}: {nobody} ({otp" in page.text
        assert "Chai Point: {nobody} ({otp" in page.text  # in the preview, nothing is dropped
        assert "This is the default template" in (await owner.get(ORDER_IN_HINDI)).text

    async def test_what_operators_would_block_is_not_kept(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await register_own_sender(stack)
        asked = {"text": "{shop}: {order_id}", "save": "yes"}
        page = await owner.post(ORDER_IN_HINDI, asked)
        assert (page.status, "Correct this first" in page.text) == (422, True)
        assert "It will be blocked in India" in page.text
        assert "saved" not in page.text
        assert "This is the default template" in (await owner.get(ORDER_IN_HINDI)).text

    async def test_no_words_at_all_are_told(self, owner: Visitor) -> None:
        page = await owner.post(ORDER_IN_HINDI, {"text": " ", "save": "yes"})
        assert (page.status, "Write what the customer is to read" in page.text) == (422, True)

    async def test_they_hold_from_now_on_until_ours_are_taken_again(self, owner: Visitor) -> None:
        asked = {"text": "{shop}:\r\nyour order {order_id}", "save": "yes"}
        saved = await owner.post(ORDER_IN_HINDI, asked)
        assert "This is your own template, version 1." in saved.text
        assert (
            "Chai Point: your order ORD-48213"
            in (await owner.get("/p/shop/texts/templates?language=hi")).text
        )
        reset = await owner.post(f"{ORDER_IN_HINDI}/reset")
        assert "This is the default template" in reset.text

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
        assert "Nobody has opted out." in again.text

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


async def owner_of_a_new_shop(visitor: Visitor, stack: Stack, **fields: object) -> Visitor:
    """An owner of `sarees`, of the tier that comes with texts; nobody has said yes yet."""
    known = {"sms_enabled": None, "name": "Asha Sarees", "sms_sender": "DRSTEP", **fields}
    await stack.add_partner("sarees", "smb", **known)
    return await Visitor(visitor.app).sign_in_as(Role.OWNER, "sarees")


async def register_own_sender(stack: Stack) -> None:
    """Give the shop a sender that is registered for India, without any template."""
    sender = ("OWNSND", "1101234567890123456", "OWNSND", NOW)
    await stack.database.write(put_sender, *sender, actor="test")
    change = PartnerChange(sms_sender="OWNSND")
    await stack.database.write(change_partner, "shop", change, NOW, actor="test")


def confirmed(order_id: str) -> dict[str, object]:
    """The event that an order of the new shop is confirmed."""
    groups = make_groups(order=make_order(order_id=order_id))
    return make_event(partner_id="sarees", data=groups)


def card_of(html: str, kind: str) -> str:
    """The card of one type."""
    [card] = re.findall(rf'<li class="card" id="card-{kind}">(.*?)\n</li>', html, re.DOTALL)
    return str(card)


async def sent_by(twilio: TwilioSandbox) -> int:
    """How many messages Twilio was given."""
    return len(twilio.messages)


async def events_of_tests(stack: Stack) -> list[str]:
    """The ids of the test events there are."""
    found = (await stack.api.get("/v1/events")).json()["items"]
    return [one["event_id"] for one in found if one["event_id"].startswith("test_")]


async def contact_phone(stack: Stack) -> str | None:
    """The shop owner's phone, masked."""
    partner = (await stack.api.get("/v1/partners/shop")).json()
    masked: str | None = partner["contact_phone_masked"]
    return masked
