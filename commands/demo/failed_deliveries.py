"""Deliveries that fail: what is asked for over the API, what the OMS makes of it, and one that is
left to be answered on the tracking page."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from commands.demo.merchants import CHAI, KAVERI, MERIDIAN
from commands.demo.orders import Timeline
from commands.demo.parts import Parts
from sandbox.partners import Partner

_WITHIN_S = 180.0
_ASKED: Sequence[dict[str, str]] = (
    {"action": "reattempt", "comment": "somebody is at home now"},
    {"action": "return", "comment": "it was ordered twice"},
)


async def answer_failed_deliveries(parts: Parts, timeline: Timeline) -> bool:
    """Let a delivery of two merchants fail, and ask for something else each time; True when the OMS
    has taken and accepted both. A third is left to whoever looks at the demo."""
    parts.screen.headline("Failed deliveries, and what is to be done")
    for partner, asked in zip((CHAI, MERIDIAN), _ASKED, strict=True):
        order_id = await _fail(parts, timeline, partner)
        if order_id is None:
            continue
        await parts.merchants.api.instruct(order_id, {"partner_id": partner.id, **asked})
        parts.screen.say(
            f"  POST /v1/orders/{order_id}/instructions: {asked['action']} for {partner.name}"
        )
    if await _fail(parts, timeline, KAVERI):
        parts.screen.say(f"  one of {KAVERI.name} waits for you: see the tracking page")
    given = await parts.merchants.api.instructions()
    decided = await parts.instructions.wait_for(len(given), timeout=_WITHIN_S)
    for one in decided:
        parts.screen.say(
            f"    the OMS has {one.decision['decision']} {one.instruction['action']} of order "
            f"{one.instruction['order_id']}, and goes on with it"
        )
    return bool(decided) and all(one.status == 200 for one in decided)


async def _fail(parts: Parts, timeline: Timeline, partner: Partner) -> str | None:
    """Let a delivery of a merchant fail; gives its order, if one went out."""
    failed = _failed_delivery(timeline, partner.id)
    if failed is None:
        parts.screen.say(f"  no order of {partner.name} went out: play more orders")
        return None
    parts.instructions.expect(failed)
    await parts.oms.send(failed)
    order_id: str = failed["data"]["order"]["order_id"]
    return order_id


def _failed_delivery(timeline: Timeline, partner_id: str) -> dict[str, Any] | None:
    """An order of its own, made of one that was played, whose delivery has failed just now."""
    events = [one.event for one in timeline.events if one.event["partner_id"] == partner_id]
    out = next((one for one in events if one["type"] == "out_for_delivery"), None)
    if out is None:
        return None
    now = datetime.now(UTC)
    order = {**out["data"]["order"], "order_id": f"NDR-{out['data']['order']['order_id']}"}
    failure = {
        "reason_code": "customer_unavailable",
        "reason_category": "customer",
        "reason_text": "nobody opened",
        "attempt_number": 1,
        "max_attempts": 3,
        "attempted_at": now.isoformat(),
        "next_action": "reattempt",
        "next_attempt_at": (now + timedelta(hours=20)).isoformat(),
    }
    return {
        "event_id": f"{out['event_id']}_ndr",
        "type": "delivery_failed",
        "partner_id": partner_id,
        "occurred_at": now.isoformat(),
        "data": {
            "order": {**order, "status": "delivery_failed", "attempt_number": 1},
            "rider": out["data"]["rider"],
            "failure": failure,
        },
    }
