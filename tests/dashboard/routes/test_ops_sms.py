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
        assert "These texts are stopped." in stopped.text
        await (await text(stack)).claim()
        page = await office.get("/ops/texts")
        assert "All texts Twilio asks us to a person" in page.text
        assert "Texts are stopped at the moment." in page.text
        [suspension_id] = re.findall(r"/texts/suspensions/(stop_\w+)/start", page.html)
        started = await office.post(f"{STOPS}/{suspension_id}/start")
        assert "Texts go out again." in started.text
        assert "Nothing is suspended" in started.text
        row = await Shelf(stack.database).one(SmsSuspensionRow, suspension_id)
        assert row.lifted_by is not None
        assert row.lifted_by.startswith("usr_")

    async def test_one_partner_s(self, office: Visitor) -> None:
        asked = {"which": "one", "partner_id": "shop", "reason": "a wrong text"}
        assert "Texts of the partner shop" in (await office.post(STOPS, asked)).text

    @pytest.mark.parametrize(
        ("asked", "fault"),
        [
            ({"which": "one", "reason": "a test"}, "Name the partner"),
            ({"which": "one", "partner_id": "nobody", "reason": "a test"}, "no partner nobody"),
            ({"which": "all", "reason": ""}, "Why:"),
        ],
    )
    async def test_what_is_wrong_is_told_and_kept(
        self, office: Visitor, asked: dict[str, str], fault: str
    ) -> None:
        page = await office.post(STOPS, asked)
        assert page.status == 422
        assert 'data-from="/dashboard/ops/texts"' in page.html, (
            "it looks again at a page that is there"
        )
        assert fault in page.text
        assert f'value="{asked["reason"]}"' in page.html
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
        assert "Texts from the sender CHAIPT Whose texts wait: Chai Point." in page.text
        assert f"Texts from the sender {SENDER} to numbers that begin with +91" in page.text
        assert "It is the sender of every partner that has none of its own." in page.text
        assert "Doorstep itself" in page.text
        assert "One SMS is tried" in page.text

    async def test_texts_of_which_nobody_can_tell(self, office: Visitor, stack: Stack) -> None:
        one = await text(stack)
        await one.lose_sight(await one.ready())
        page = await office.get("/ops/texts")
        assert "nobody can tell whether it was sent 1" in page.text
        assert f'href="/dashboard/p/shop/events/{one.event.event_id}"' in page.html
        assert "no answer in time" in page.text
        assert "9876543210" not in page.html

    async def test_who_comes_near_the_cap(self, office: Visitor, stack: Stack) -> None:
        await Shelf(stack.database).change(PartnerRow, "shop", sms_daily_cap=10)
        row = SmsDayRow(partner_id="shop", day=day_of(NOW), texts=9, parts=9)
        await stack.database.write(lambda session: session.add(row))
        page = await office.get("/ops/texts")
        assert "Chai Point 9 10 90 %" in page.text
