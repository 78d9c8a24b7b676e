"""The SMS channel: stopped and started by hand, and told in words when a sender fails."""

import re
from dataclasses import replace

import pytest

from contracts.access.users import Role
from store.sms.daily_caps import day_of
from store.sms.suspensions import suspend
from store.tables import PartnerRow, SmsDayRow, SmsSuspensionRow
from tests.support.parts import SENDER
from tests.support.shelf import NOW, Shelf, Text, after, an_event
from tests.support.stack import Stack
from tests.support.visitor import Visitor

STOPS = "/ops/texts/suspensions"


@pytest.fixture
async def office(visitor: Visitor, stack: Stack) -> Visitor:
    """Somebody of operations, a minute after NOW; `shop` sends texts."""
    assert stack.app is not None
    stack.app.state.parts = replace(stack.app.state.parts, clock=lambda: after(60))
    toggles = {"webhook_enabled": False, "sms_enabled": True}
    await Shelf(stack.database).change(PartnerRow, "shop", **toggles)
    return await visitor.sign_in_as(Role.OPS)


async def text(stack: Stack) -> Text:
    """A planned text of `shop`."""
    shelf = Shelf(stack.database)
    event = an_event()
    [planned] = (await shelf.plan(event)).deliveries
    return Text(shelf, event, planned.delivery_id)


class TestByHand:
    async def test_all_texts_are_stopped_and_started_again(
        self, office: Visitor, stack: Stack
    ) -> None:
        assert "Nothing is suspended" in (await office.get("/ops/texts")).text
        stopped = await office.post(STOPS, {"which": "all", "reason": "Twilio asks us to"})
        assert "SMS are suspended." in stopped.text
        await (await text(stack)).claim()
        page = await office.get("/ops/texts")
        assert "All SMS Twilio asks us to a person" in page.text
        assert "SMS on hold 1" in page.text
        [suspension_id] = re.findall(r"/texts/suspensions/(stop_\w+)/start", page.html)
        started = await office.post(f"{STOPS}/{suspension_id}/start")
        assert "SMS go out again." in started.text
        assert "Nothing is suspended" in started.text
        row = await Shelf(stack.database).one(SmsSuspensionRow, suspension_id)
        assert row.lifted_by is not None
        assert row.lifted_by.startswith("usr_")

    async def test_one_partner_s_are_chosen_from_a_list_and_counted_first(
        self, office: Visitor, stack: Stack
    ) -> None:
        row = SmsDayRow(partner_id="shop", day=day_of(NOW), texts=9, parts=9)
        await stack.database.write(lambda session: session.add(row))
        page = await office.get("/ops/texts")
        assert '<option value="shop">Chai Point</option>' in page.html
        asked = await office.get("/ops/act?action=suspend_sms&ids=shop")
        assert "Suspends SMS. 9 SMS were sent today." in asked.text
        assert "Reason (visible to the team)" in asked.text

    async def test_a_reason_is_needed(self, office: Visitor) -> None:
        page = await office.post(STOPS, {"reason": ""})
        assert page.status == 422
        assert 'data-from="/dashboard/ops/texts"' in page.html, (
            "it looks again at a page that is there"
        )
        assert "Reason (visible to the team):" in page.text
        assert "Nothing is suspended" in page.text

    async def test_an_unknown_stop_is_not_found(self, office: Visitor) -> None:
        assert (await office.post(f"{STOPS}/stop_none/start")).status == 404


class TestWhatIsTold:
    async def test_whose_sender_fails(self, office: Visitor, stack: Stack) -> None:
        await Shelf(stack.database).change(PartnerRow, "shop", sms_sender="CHAIPT")
        for scope in ("sender/CHAIPT", f"route/{SENDER}/91"):
            await stack.database.write(
                suspend, scope, NOW, reason="the sender is not valid", code="twilio_21606"
            )
        page = await office.get("/ops/texts")
        assert "SMS from the sender ID CHAIPT Partners affected: Chai Point." in page.text
        assert f"SMS from the sender ID {SENDER} to numbers that begin with +91" in page.text
        assert "It is the sender ID of every partner that has none of its own." in page.text
        assert "Doorstep itself" in page.text
        assert "One SMS is sent as a test" in page.text

    async def test_texts_of_which_nobody_can_tell(self, office: Visitor, stack: Stack) -> None:
        one = await text(stack)
        await one.lose_sight(await one.ready())
        page = await office.get("/ops/texts")
        assert "unknown whether it was sent 1" in page.text
        assert f'href="/dashboard/p/shop/events/{one.event.event_id}"' in page.html
        assert "no answer in time" in page.text
        assert "9876543210" not in page.html

    async def test_every_state_is_named_and_they_add_up(
        self, office: Visitor, stack: Stack
    ) -> None:
        first, second = await Shelf(stack.database).texts(2)
        await first.lose_sight(await first.ready())
        await second.settle(await second.ready())
        page = await office.get("/ops/texts")
        table = page.text[page.text.index("being handed to Twilio") :]
        assert "refused for now; retried automatically 0" in table
        counts = [
            int(one) for one in re.findall(r"[a-z] (\d+)", table[: table.index("All of them")])
        ]
        assert sum(counts) == 2
        assert "All of them 2" in table
        assert "Sent, 24 h 1" in page.text

    async def test_who_comes_near_the_cap(self, office: Visitor, stack: Stack) -> None:
        await Shelf(stack.database).change(PartnerRow, "shop", sms_daily_cap=10)
        row = SmsDayRow(partner_id="shop", day=day_of(NOW), texts=9, parts=9)
        await stack.database.write(lambda session: session.add(row))
        page = await office.get("/ops/texts")
        assert "Chai Point 9 10 90 %" in page.text
