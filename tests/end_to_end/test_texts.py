"""Texts from the event to Twilio's last word: callbacks, stops, opt-outs, corrected phones."""

from typing import Any

import pytest

from contracts.clock import utc_now
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_callbacks import Callbacks
from sandbox.twilio_steps import Accept, Delay, Refuse, Reset
from store.db.database import Database
from store.tables import DeliveryRow
from tests.support.factories import make_event, make_groups, make_order
from tests.support.stack import Stack
from tests.support.twilio import texter_on
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

PHONE = "+919876543210"


def confirmed(order_id: str) -> dict[str, Any]:
    """The event that an order is confirmed: another order makes another text."""
    return make_event(data=make_groups(order=make_order(order_id=order_id)))


async def texts_of(stack: Stack, event_id: str, *states: str) -> list[dict[str, Any]]:
    """The texts of the event's only delivery, once they are in these states, the oldest first."""

    def reached(event: dict[str, Any]) -> bool:
        found = [one["state"] for one in event["deliveries"][0]["sms"]]
        return found == list(states)

    shown = await eventually(
        lambda: stack.event(event_id), lambda event: bool(event["deliveries"]) and reached(event)
    )
    texts: list[dict[str, Any]] = shown["deliveries"][0]["sms"]
    return texts


async def let_it_be_due(database: Database, delivery_id: str) -> None:
    """Bring forward what a held text waits for."""

    def now_due(session: Any) -> None:
        session.get_one(DeliveryRow, delivery_id).next_attempt_at = utc_now()

    await database.write(now_due)


class TestStatusCallbacks:
    @pytest.mark.parametrize(
        "plan",
        [
            Callbacks(),
            Callbacks(order="reversed", doubled=True),
            Callbacks(order="shuffled", doubled=True, forged=True, seed=7),
            Callbacks(sha256=True, extra=True),
        ],
        ids=["in_order", "reversed", "shuffled_and_forged", "sha256_and_unknown_fields"],
    )
    async def test_they_lead_to_delivered(self, stack: Stack, plan: Callbacks) -> None:
        async with TwilioSandbox(callbacks=plan) as twilio, stack.called_by_twilio():
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event())
                [text] = await texts_of(stack, event_id, "delivered")
            await twilio.wait_for_callbacks(2 * (1 + plan.doubled) + plan.forged)
            told = {(one.forged, one.answer) for one in twilio.callbacks}
        assert told == ({(False, 204), (True, 403)} if plan.forged else {(False, 204)})
        assert text["phone_masked"] == "+91********10"
        assert (text["parts"], text["encoding"], text["copy_number"]) == (1, "GSM-7", 1)

    async def test_an_ambiguous_answer_is_settled_by_them(self, stack: Stack) -> None:
        """Twilio took the text and the connection broke: the claim id in the callback tells."""
        async with TwilioSandbox(behaviour=Reset(taken=True)) as twilio, stack.called_by_twilio():
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event())
                await texts_of(stack, event_id, "delivered")
                shown = await stack.delivery(event_id, "delivered")
                await stack.ended(event_id)
        assert {one["resolution"] for one in shown["dead_letters"]} <= {"delivered"}
        assert len(twilio.messages) == 1

    async def test_a_phone_out_of_reach_is_tried_once_more(
        self, stack: Stack, database: Database
    ) -> None:
        script = [Accept("undelivered", 30003), Accept()]
        async with TwilioSandbox(behaviour=script) as twilio, stack.called_by_twilio():
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event())
                held = await stack.delivery(event_id, "held")
                assert held["hold_reason"] == "not_reached"
                await let_it_be_due(database, held["id"])
                await texts_of(stack, event_id, "undelivered", "delivered")
        assert len(twilio.messages) == 2

    async def test_missed_twice_it_is_a_dead_letter(self, stack: Stack, database: Database) -> None:
        async with (
            TwilioSandbox(behaviour=Accept("undelivered", 30008)) as twilio,
            stack.called_by_twilio(),
        ):
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event())
                held = await stack.delivery(event_id, "held")
                await let_it_be_due(database, held["id"])
                dead = await stack.delivery(event_id, "dead_lettered")
        assert dead["dead_letters"][0]["code"] == "twilio_30008"
        assert len(twilio.messages) == 2


class TestTwilioUnwell:
    async def test_a_burst_of_429s_delays_and_loses_nothing(self, stack: Stack) -> None:
        async with TwilioSandbox(behaviour=[Refuse(20429)] * 12 + [Accept()]) as twilio:
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                events = [await stack.send(confirmed(f"ORD-{number}")) for number in range(6)]
                for event_id in events:
                    await stack.delivery(event_id, "delivered")
        assert len(twilio.messages) == 6

    async def test_a_slow_answer_is_an_answer(self, stack: Stack) -> None:
        async with TwilioSandbox(behaviour=Delay(0.5)) as twilio:
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                await stack.delivery(await stack.send(make_event()), "delivered")
        assert len(twilio.messages) == 1

    async def test_a_wrong_token_stops_the_account_until_it_is_mended(self, stack: Stack) -> None:
        async with TwilioSandbox(behaviour=[Refuse(20003), Accept()]) as twilio:
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                first = await stack.send(make_event("delivery_failed"))
                await stack.delivery(first, "held")
                second = await stack.send(make_event("return_initiated"))
                held = await stack.delivery(second, "held")
                assert held["hold_reason"] == "sms_suspended"
                [stop] = (await stack.api.get("/v1/sms/suspensions")).json()["items"]
                assert (stop["scope"], stop["code"], stop["held"]) == ("account", "twilio_20003", 2)
                lifted = await stack.api.delete(f"/v1/sms/suspensions/{stop['id']}")
                assert lifted.status_code == 204
                for event_id in (first, second):
                    await stack.delivery(event_id, "delivered")
        assert len(twilio.messages) == 2


class TestTheSwitch:
    @pytest.mark.parametrize("partner_id", [None, "shop"])
    async def test_stopped_texts_wait_and_go_out_afterwards(
        self, stack: Stack, partner_id: str | None
    ) -> None:
        async with TwilioSandbox() as twilio:
            await stack.add_partner(tier="smb")
            await stack.add_partner("other", tier="smb")
            asked = {"partner_id": partner_id, "reason": "the shop asked for it"}
            stop = await stack.api.post("/v1/sms/suspensions", json=asked)
            assert stop.status_code == 201
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event())
                await stack.delivery(event_id, "held")
                other = await stack.send(make_event(partner_id="other"))
                await stack.delivery(other, "held" if partner_id is None else "delivered")
                await stack.api.delete(f"/v1/sms/suspensions/{stop.json()['id']}")
                for each in (event_id, other):
                    await stack.delivery(each, "delivered")
        assert len(twilio.messages) == 2


class TestOptedOut:
    async def test_by_the_api_and_back(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio:
            await stack.add_partner(tier="smb")
            asked = {"partner_id": "shop", "phone": "98765 43210"}
            made = await stack.api.post("/v1/sms/opt-outs", json=asked)
            assert made.status_code == 201
            async with stack.worker(texter=texter_on(twilio)):
                skipped = await stack.delivery(await stack.send(make_event()), "skipped")
                assert skipped["skip_reason"] == "opted_out"
                await stack.api.delete(f"/v1/sms/opt-outs/{made.json()['id']}")
                await stack.delivery(await stack.send(make_event()), "delivered")
        assert len(twilio.messages) == 1

    async def test_by_the_link_in_the_text(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio, stack.called_by_twilio() as url:
            await stack.add_partner(tier="smb")
            put = await stack.api.put(
                "/v1/sms/templates/order_confirmed/en",
                json={
                    "partner_id": "shop",
                    "text": "{shop}: order {order_id} is confirmed.[ No more texts: {opt_out}]",
                },
            )
            assert put.status_code == 200, put.text
            async with stack.worker(texter=texter_on(twilio)):
                await stack.delivery(await stack.send(confirmed("ORD-1")), "delivered")
                link = twilio.messages[0].body.rpartition(" ")[2]
                assert link.startswith(f"{url}/o/")
                path = link.removeprefix(url)
                assert (await stack.api.get(path)).status_code == 200
                await stack.delivery(await stack.send(confirmed("ORD-2")), "delivered")
                assert (await stack.api.post(path)).status_code == 200
                skipped = await stack.delivery(await stack.send(confirmed("ORD-3")), "skipped")
                assert skipped["skip_reason"] == "opted_out"
        assert len(twilio.messages) == 2


class TestACorrectedPhone:
    RIGHT = "+919845012345"

    async def test_the_text_goes_there_once(self, stack: Stack) -> None:
        script = {PHONE: Refuse(21614)}
        async with TwilioSandbox(by_number=script) as twilio:
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                event_id = await stack.send(make_event("out_for_delivery"))
                dead = await stack.delivery(event_id, "dead_lettered")
                for _ in range(2):
                    answer = await stack.api.post(
                        f"/v1/deliveries/{dead['id']}/redirect", json={"phone": "98450 12345"}
                    )
                    assert answer.status_code == 202, answer.text
                    shown = await stack.delivery(event_id, "delivered")
                await stack.ended(event_id)
        assert [one.to for one in twilio.messages] == [self.RIGHT]
        assert [one["phone_masked"] for one in shown["sms"]] == [
            "+91********10",
            "+91********45",
        ]

    async def test_of_a_text_that_was_skipped_for_its_phone(self, stack: Stack) -> None:
        event = make_event("out_for_delivery")
        event["data"]["order"]["customer"]["phone"] = "+912224131234"
        async with TwilioSandbox() as twilio:
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                skipped = await stack.delivery(await stack.send(event), "skipped")
                await stack.api.post(
                    f"/v1/deliveries/{skipped['id']}/redirect", json={"phone": self.RIGHT}
                )
                await stack.delivery(event["event_id"], "delivered")
        assert [one.to for one in twilio.messages] == [self.RIGHT]

    async def test_what_cannot_be_redirected(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio:
            await stack.add_partner(tier="smb")
            async with stack.worker(texter=texter_on(twilio)):
                delivery = await stack.delivery(await stack.send(make_event()), "delivered")
            path = f"/v1/deliveries/{delivery['id']}/redirect"
            landline = await stack.api.post(path, json={"phone": "+912224131234"})
            assert (landline.status_code, landline.json()["errors"][0]["field"]) == (422, "phone")
            opted_out = {"partner_id": "shop", "phone": self.RIGHT}
            await stack.api.post("/v1/sms/opt-outs", json=opted_out)
            refused = await stack.api.post(path, json={"phone": self.RIGHT})
            assert refused.status_code == 409


class TestATestText:
    async def test_it_goes_to_the_shop_owner_s_own_phone_only(self, stack: Stack) -> None:
        async with TwilioSandbox() as twilio:
            await stack.add_partner(tier="smb", sms_event_types=["delivered"])
            without = await stack.api.post("/v1/sms/test-messages", json={"partner_id": "shop"})
            assert without.status_code == 409
            changed = await stack.api.patch(
                "/v1/partners/shop", json={"contact_phone": "9812345678", "sms_language": "hi"}
            )
            assert changed.json()["contact_phone_masked"] == "+91********78"
            async with stack.worker(texter=texter_on(twilio)):
                asked = await stack.api.post(
                    "/v1/sms/test-messages",
                    json={"partner_id": "shop", "event_type": "out_for_delivery"},
                )
                assert asked.status_code == 202
                await stack.delivery(asked.json()["event_id"], "delivered")
        [message] = twilio.messages
        assert message.to == "+919812345678"
        assert "Chai Point" in message.body
        assert message.segments.encoding == "UCS-2"
