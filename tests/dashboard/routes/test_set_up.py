"""The set-up as a list: ticked by what is there, never by a click, until real orders come in."""

import re
from collections.abc import Mapping

from contracts.access.users import Role
from contracts.payload.events import EventType
from contracts.sms.dlt import Category
from contracts.sms.languages import Language
from contracts.sms.sender_bodies import DltTemplatePut
from sandbox.merchant import Merchant
from sandbox.twilio import TwilioSandbox
from store.sms.senders import put_dlt_template, put_sender
from tests.support.factories import make_event
from tests.support.shelf import NOW
from tests.support.stack import Stack
from tests.support.twilio import texter_on
from tests.support.visitor import Visitor

PHONE = "+919876543210"
_STEP = re.compile(
    r"<li[^>]*>\s*<strong>(?:<a [^>]*>)?([^<]+)(?:</a>)?</strong>\s*<span.*?>([^<>]+)<"
)


def steps_of(html: str) -> Mapping[str, str]:
    """Each step with its state, in their order."""
    return dict(_STEP.findall(re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)))


async def new_shop(stack: Stack, visitor: Visitor, **fields: object) -> Visitor:
    """An owner of `sarees`, which has no code and has done nothing yet."""
    known = {"sms_enabled": None, "name": "Asha Sarees", "sms_sender": "DRSTEP", **fields}
    await stack.add_partner("sarees", "smb", **known)
    return await Visitor(visitor.app).sign_in_as(Role.OWNER, "sarees")


class TestAShopWithoutCode:
    async def test_it_begins_with_everything_to_do(self, visitor: Visitor, stack: Stack) -> None:
        owner = await new_shop(stack, visitor)
        page = await owner.get("/p/sarees/set-up")
        assert list(steps_of(page.html).items()) == [
            ("See and turn on SMS updates", "To do"),
            ("Send yourself a test SMS", "To do"),
            ("Give your phone number", "To do"),
            ("Choose the look of your tracking page", "To do"),
            ("Get your first real order", "To do"),
            ("Sender ID", "Done"),
            ("DLT registration for India", "With our support team"),
        ]
        assert "0 of 5 done" in page.text
        assert (await owner.post("/p/sarees/set-up/hide")).status == 409

    async def test_each_step_is_ticked_by_its_rows(self, visitor: Visitor, stack: Stack) -> None:
        owner = await new_shop(stack, visitor)
        await owner.post("/p/sarees/texts/switch", {"on": "on", "language": "en"})
        phone = {"contact_phone": PHONE, "contact_phone_confirmed": True}
        change = {**phone, "brand_color": "#0b6e4f"}
        await stack.api.patch("/v1/partners/sarees", json=change)
        sent = await owner.post("/p/sarees/texts/test", {"type": "delivered"})
        [test_id] = re.findall(r"events/(test_\w+)", sent.html)
        asked = await owner.get("/p/sarees/set-up")
        assert steps_of(asked.html)["Send yourself a test SMS"] == "To do"
        assert "3 of 5 done" in asked.text
        async with (
            TwilioSandbox() as twilio,
            stack.called_by_twilio(),
            stack.worker(texter=texter_on(twilio)),
        ):
            await stack.delivery(test_id, "delivered")
        assert "4 of 5 done" in (await owner.get("/p/sarees/set-up")).text
        await stack.send(make_event(partner_id="sarees"))
        done = await owner.get("/p/sarees/set-up")
        assert "Everything is set up: real orders are coming in." in done.text
        hidden = await owner.post("/p/sarees/set-up/hide")
        assert "The set-up list is hidden." in hidden.text

    async def test_what_support_does_has_its_state(self, visitor: Visitor, stack: Stack) -> None:
        owner = await new_shop(stack, visitor)
        await stack.database.write(
            put_sender, "DRSTEP", "1101234567890123456", "DRSTEP", NOW, actor="test"
        )
        for number, kind in enumerate(EventType):
            page = await owner.get("/p/sarees/set-up")
            assert f"{number} of 5 SMS have a registered template" in page.text
            await stack.database.write(
                put_dlt_template,
                "DRSTEP",
                f"110712345678901234{number}",
                DltTemplatePut(
                    event_type=kind,
                    language=Language.ENGLISH,
                    category=Category.SERVICE_IMPLICIT,
                    text="{#alphanumeric#}: your order {#alphanumeric#} has news for you.",
                ),
                NOW,
                actor="test",
            )
        page = await owner.get("/p/sarees/set-up")
        assert steps_of(page.html)["DLT registration for India"] == "Done"


class TestAMerchantWithDevelopers:
    async def test_each_step_is_ticked_by_its_rows(self, owner: Visitor, stack: Stack) -> None:
        first = await owner.get("/p/shop/set-up")
        assert list(steps_of(first.html).items()) == [
            ("Add an endpoint", "To do"),
            ("Verify the signature with a test event", "To do"),
            ("Create an API key", "Optional"),
            ("Choose SMS for your customers", "Optional"),
            ("Invite a second person", "To do"),
            ("Get your first real event", "To do"),
        ]
        async with Merchant() as merchant:
            endpoint = await stack.add_endpoint(merchant.url)
            await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
            sent = await stack.api.post(f"/v1/endpoints/{endpoint['id']}/test-events", json={})
            assert "2 of 4 done" in (await owner.get("/p/shop/set-up")).text
            async with stack.worker():
                await stack.delivery(sent.json()["event_id"], "delivered")
        assert "3 of 4 done" in (await owner.get("/p/shop/set-up")).text
        await stack.send(make_event())
        assert "4 of 4 done" in (await owner.get("/p/shop/set-up")).text

    async def test_another_partners_is_not_found(self, owner: Visitor, stack: Stack) -> None:
        await stack.add_partner("other")
        assert (await owner.get("/p/other/set-up")).status == 404
        assert (await owner.post("/p/other/set-up/hide")).status == 404
