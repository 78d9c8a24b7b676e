"""Two events of one order that say the same make one text, and no more is held back."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.delivery.messages import SendResult
from contracts.delivery.states import DeadLetterReason, DeliveryState, SkipReason, SmsState
from contracts.errors import Conflict
from contracts.payload.events import TrackingEvent
from contracts.sms.answers import SmsAnswer, SmsFate
from store.retries.manual import ask_for_retry
from store.sms.claims import ReadySms
from store.tables import EventRow
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, Shelf, Text, after, an_event

SKIPPED = SendResult(DeliveryState.SKIPPED)
PHONE, OTHER_PHONE = "+919876543210", "+919845012345"
FIXED_LINE = "+912224131234"
NEVER = SmsAnswer(SmsFate.BAD_NUMBER, "twilio_21211")
ALL_TYPES = [
    "order_confirmed",
    "out_for_delivery",
    "delivered",
    "delivery_failed",
    "return_initiated",
]


def an_order(**fields: Any) -> dict[str, Any]:
    return make_order(**{"ordered_at": after(-3600).isoformat(), **fields})


def scanned(event_type: str, seconds: float = 0, **fields: Any) -> TrackingEvent:
    """An event that happened so many seconds after NOW; `order` and other groups as named."""
    partner_id = fields.pop("partner_id", "shop")
    otp = {
        "code": fields.pop("code", "483920"),
        "valid_from": NOW.isoformat(),
        "valid_until": after(1800 + seconds).isoformat(),
    }
    data = make_groups(**{"order": an_order(), "otp": otp, **fields})
    occurred_at = after(seconds).isoformat()
    return an_event(event_type, occurred_at=occurred_at, data=data, partner_id=partner_id)


async def planned(shelf: Shelf, event: TrackingEvent, now: datetime = NOW) -> Text:
    [one] = (await shelf.plan(event, now=now)).deliveries
    return Text(shelf, event, one.delivery_id)


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """The partner `shop`, whose customers are texted, and `rival`, whose are, too."""
    for partner_id in ("shop", "rival"):
        await shelf.add_partner(partner_id, tier="smb")
    return shelf


async def two(shelf: Shelf, event_type: str, **fields: Any) -> tuple[Text, SendResult | ReadySms]:
    """One text that Twilio took, and what becomes of a second event with these fields."""
    first = await planned(shelf, scanned(event_type))
    await first.settle(await first.ready())
    second = await planned(shelf, scanned(event_type, 2, **fields))
    return second, await second.claim(now=after(2))


class TestTheSameAgain:
    @pytest.mark.parametrize("event_type", ALL_TYPES)
    async def test_makes_one_text(self, shop: Shelf, event_type: str) -> None:
        second, answer = await two(shop, event_type)
        assert answer == SKIPPED
        assert (await second.row()).skip_reason is SkipReason.DUPLICATE
        assert await second.messages() == []

    @pytest.mark.parametrize("event_type", ALL_TYPES)
    @pytest.mark.parametrize(
        "fields",
        [
            {"partner_id": "rival"},
            {"order": an_order(order_id="ORD-2")},
            {"order": an_order(order_id="ord-1")},
            {"order": an_order(customer={"name": "Asha", "phone": OTHER_PHONE})},
        ],
        ids=["partner", "order", "capital letters", "phone"],
    )
    async def test_of_another_order_partner_or_phone_is_not_the_same(
        self, shop: Shelf, event_type: str, fields: dict[str, Any]
    ) -> None:
        _, answer = await two(shop, event_type, **fields)
        assert isinstance(answer, ReadySms)

    async def test_two_failed_attempts_make_two_texts(self, shop: Shelf) -> None:
        failure = {**make_groups()["failure"], "attempt_number": 2}
        _, answer = await two(shop, "delivery_failed", failure=failure)
        assert isinstance(answer, ReadySms)

    @pytest.mark.parametrize(
        "fields",
        [
            {"code": "1111"},
            {"rider": {"rider_id": "RDR-8", "name": "Ravi", "phone": OTHER_PHONE}},
            {"order": an_order(attempt_number=1)},
        ],
        ids=["otp", "rider", "attempt"],
    )
    async def test_out_for_delivery_with_news_makes_another(
        self, shop: Shelf, fields: dict[str, Any]
    ) -> None:
        _, answer = await two(shop, "out_for_delivery", **fields)
        assert isinstance(answer, ReadySms)

    async def test_test_texts_are_never_the_same(self, shop: Shelf) -> None:
        for _ in range(2):
            text = await planned(shop, scanned("order_confirmed", order=an_order(order_id="T")))
            await shop.change(EventRow, text.event.event_id, only_target="sms")
            await text.ready()

    async def test_at_once_one_is_sent(self, shop: Shelf) -> None:
        """The database itself lets one through, whoever looks first."""
        texts = [await planned(shop, scanned("delivered", number)) for number in range(6)]
        answers = await asyncio.gather(*(text.claim(now=after(9)) for text in texts))
        assert sum(isinstance(one, ReadySms) for one in answers) == 1
        assert [one for one in answers if not isinstance(one, ReadySms)] == [SKIPPED] * 5


class TestWhereTheFirstWasNotSent:
    """Then the second may be, and the first is what says it again."""

    async def test_refused_for_now(self, shop: Shelf) -> None:
        first = await planned(shop, scanned("delivered"))
        await first.refuse(await first.ready())
        second = await planned(shop, scanned("delivered", 2))
        await second.settle(await second.ready(now=after(2)))
        assert await first.claim(now=after(30)) == SKIPPED
        assert (await first.row()).skip_reason is SkipReason.DUPLICATE

    async def test_refused_for_good(self, shop: Shelf) -> None:
        first = await planned(shop, scanned("delivered"))
        await first.refuse(await first.ready(), NEVER)
        await first.keep(DeadLetterReason.REJECTED)
        await (await planned(shop, scanned("delivered", 2))).ready(now=after(2))

    async def test_not_arrived(self, shop: Shelf) -> None:
        first = await planned(shop, scanned("delivered"))
        ready = await first.ready()
        await first.settle(ready)
        await first.hear(ready, "undelivered", 30003)
        await (await planned(shop, scanned("delivered", 2))).ready(now=after(2))
        assert await first.claim(in_round=2, now=after(600)) == SKIPPED

    async def test_skipped_as_too_late(self, shop: Shelf) -> None:
        first = await planned(shop, scanned("delivered"))
        late = NOW + timedelta(days=1)
        assert await first.claim(now=late) == SKIPPED
        second = await planned(shop, scanned("delivered", 86_400), late)
        await second.ready(now=late)

    async def test_but_not_where_nobody_can_tell(self, shop: Shelf) -> None:
        first = await planned(shop, scanned("delivered"))
        await first.lose_sight(await first.ready())
        second = await planned(shop, scanned("delivered", 2))
        assert await second.claim(now=after(2)) == SKIPPED


class TestWhatAPersonAsksFor:
    async def test_one_more_copy(self, shop: Shelf) -> None:
        first = await planned(shop, scanned("delivered"))
        await first.settle(await first.ready())
        await shop.database.write(ask_for_retry, first.id, NOW, resend=True, actor="test")
        await first.ready(in_round=2, resend=True)
        assert [one.state for one in await first.messages()].count(SmsState.CLAIMED) == 1
        second = await planned(shop, scanned("delivered", 2))
        assert await second.claim(now=after(2)) == SKIPPED

    @pytest.mark.parametrize(("phone", "is_told"), [(PHONE, False), (OTHER_PHONE, True)])
    async def test_another_phone(self, shop: Shelf, phone: str, is_told: bool) -> None:
        """What was said already is asked of the phone that the text is corrected to."""
        no_mobile = an_order(customer={"name": "Asha", "phone": FIXED_LINE})
        second, answer = await two(shop, "delivered", order=no_mobile)
        assert answer == SKIPPED
        await shop.redirect(second.id, phone)
        corrected = await second.claim(in_round=2, now=after(2))
        assert isinstance(corrected, ReadySms) is is_told
        if not is_told:
            assert (await second.row()).skip_reason is SkipReason.DUPLICATE

    async def test_no_other_phone_for_one_that_the_first_had_said(self, shop: Shelf) -> None:
        second, _ = await two(shop, "delivered")
        with pytest.raises(Conflict):
            await shop.redirect(second.id, OTHER_PHONE)
