"""The order-management system's other side: takes instructions, decides them, drives accordingly.

    async with OmsInstructions(oms, api_url, key, secret=secret) as receiving:
        receiving.expect(failed)          # a delivery_failed event that it has posted
        await receiving.wait_for(1)       # instructions that it has decided

It verifies with the `standardwebhooks` library and answers as its `behaviour` says. What it has
taken it decides by its rule with `POST /v1/instructions/{id}/decision`, and then posts what happens
next: another attempt that is delivered, or the return.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx

from sandbox.behaviour import Behaviour
from sandbox.merchant import Merchant
from sandbox.oms import OmsClient
from sandbox.steps import Answer

_DRIVEN_AGAIN = {"reattempt", "reschedule", "change_address"}
_FOR_EVER_S = 10**9


@dataclass(frozen=True)
class Decided:
    """An instruction, what was decided, and how the API answered."""

    instruction: dict[str, Any]
    decision: dict[str, Any]
    status: int


Rule = Callable[[dict[str, Any]], dict[str, Any]]
"""Makes the body of the decision on an instruction."""


def accept_within(pincode_starts: str = "") -> Rule:
    """Accept everything but an address whose pin code begins otherwise: that is another hub's."""

    def decide(instruction: dict[str, Any]) -> dict[str, Any]:
        pincode = (instruction["address"] or {}).get("pincode") or pincode_starts
        if not pincode.startswith(pincode_starts):
            return {"decision": "rejected", "reason": "we do not deliver to this pin code"}
        due = instruction["action"] in _DRIVEN_AGAIN
        return {
            "decision": "accepted",
            "reason": None,
            "next_attempt_at": _text(_now() + timedelta(hours=20)) if due else None,
        }

    return decide


class OmsInstructions:
    """Takes instructions at `url`, decides them and posts what happens next through the client."""

    def __init__(
        self,
        oms: OmsClient,
        api_url: str,
        api_key: str,
        *,
        secret: str,
        rule: Rule | None = None,
        behaviour: Behaviour = Answer(200),  # noqa: B008 - a frozen value
        port: int = 0,
    ) -> None:
        self.receiver = Merchant(secret=secret, behaviour=behaviour, port=port, name="the OMS")
        self.decided: list[Decided] = []
        self._oms, self._rule = oms, rule or accept_within()
        self._failed: dict[tuple[str, str], dict[str, Any]] = {}
        self._seen: set[str] = set()
        self._work: asyncio.Task[None] | None = None
        self._http = httpx.AsyncClient(
            base_url=api_url,
            headers={"authorization": f"Bearer {api_key}"},
            timeout=30,
            trust_env=False,
            verify=api_url.startswith("https:"),
        )

    async def __aenter__(self) -> Self:
        """Listen and decide."""
        await self.receiver.__aenter__()
        self._work = asyncio.create_task(self._decide_all())
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop; what was not decided stays open."""
        if self._work:
            self._work.cancel()
            await asyncio.wait({self._work})
        await self.receiver.close()
        await self._http.aclose()

    @property
    def url(self) -> str:
        """Where it takes instructions."""
        return self.receiver.url

    @property
    def taken(self) -> list[str]:
        """The ids of the verified instructions that it answered 2xx, each once, in order."""
        received = (one for one in self.receiver.received if one.accepted and one.verified)
        return list(dict.fromkeys(one.webhook_id for one in received))

    def expect(self, failed: dict[str, Any]) -> None:
        """Know an event of a failed delivery, to drive on from it."""
        self._failed[failed["partner_id"], failed["data"]["order"]["order_id"]] = failed

    async def wait_for(self, count: int, *, timeout: float = 30.0) -> list[Decided]:
        """Wait until so many instructions are decided and what follows is posted."""
        await self.receiver.wait_until(lambda: len(self.decided) >= count, timeout=timeout)
        return self.decided

    async def _decide_all(self) -> None:
        while True:
            await self.receiver.wait_until(lambda: bool(self._new()), timeout=_FOR_EVER_S)
            for instruction_id, instruction in self._new():
                self._seen.add(instruction_id)
                await self._decide(instruction_id, instruction)
                await self.receiver.inbox.changes.announce()

    def _new(self) -> list[tuple[str, dict[str, Any]]]:
        """What was taken and not looked at yet; a second copy of one is none."""
        received = {
            one.webhook_id: one.payload
            for one in self.receiver.received
            if one.accepted and one.verified
        }
        return [(key, said) for key, said in received.items() if key not in self._seen]

    async def _decide(self, instruction_id: str, instruction: dict[str, Any]) -> None:
        decision = self._rule(instruction)
        answer = await self._http.post(f"/v1/instructions/{instruction_id}/decision", json=decision)
        if answer.is_success and decision["decision"] == "accepted":
            for event in self._what_follows(instruction):
                await self._oms.send(event)
        self.decided.append(Decided(instruction, decision, answer.status_code))

    def _what_follows(self, instruction: dict[str, Any]) -> list[dict[str, Any]]:
        failed = self._failed.get((instruction["partner_id"], instruction["order_id"]))
        if failed is None:
            return []
        if instruction["action"] in _DRIVEN_AGAIN:
            return [_out_again(failed, instruction), _delivered(failed, instruction)]
        return [_returned(failed, instruction)] if instruction["action"] == "return" else []


def _out_again(failed: dict[str, Any], instruction: dict[str, Any]) -> dict[str, Any]:
    now = _now()
    otp = {
        "code": "417305",
        "valid_from": _text(now),
        "valid_until": _text(now + timedelta(hours=12)),
    }
    return _event(failed, instruction, "out_for_delivery", {"otp": otp})


def _delivered(failed: dict[str, Any], instruction: dict[str, Any]) -> dict[str, Any]:
    delivery = {
        "delivered_at": _text(_now()),
        "recipient_type": "customer",
        "verification_method": "otp",
        "otp_verified": True,
    }
    return _event(failed, instruction, "delivered", {"delivery": delivery})


def _returned(failed: dict[str, Any], instruction: dict[str, Any]) -> dict[str, Any]:
    returned = {
        "return_id": f"RTO-{failed['data']['order']['order_id']}",
        "return_type": "rto",
        "reason_code": "customer_refused",
        "reason_text": "the customer does not want it any more",
        "initiated_at": _text(_now()),
        "initiated_by": "customer",
        "attempts_made": instruction["attempt_number"],
    }
    return _event(failed, instruction, "return_initiated", {"return": returned})


def _event(
    failed: dict[str, Any], instruction: dict[str, Any], kind: str, groups: dict[str, Any]
) -> dict[str, Any]:
    """The next event of the order, as the instruction has changed it."""
    order = {**failed["data"]["order"], "status": kind, "previous_status": "delivery_failed"}
    order["attempt_number"] = instruction["attempt_number"] + (kind != "return_initiated")
    if instruction["address"] and instruction["address"]["line1"]:
        fields = ("line1", "line2", "city", "pincode")
        changed = {name: instruction["address"][name] for name in fields}
        order["delivery_address"] = {**order["delivery_address"], **changed}
    rider = {} if kind == "return_initiated" else {"rider": failed["data"]["rider"]}
    return {
        "event_id": f"{failed['event_id']}_{kind}_{instruction['attempt_number']}",
        "type": kind,
        "partner_id": failed["partner_id"],
        "occurred_at": _text(_now()),
        "data": {"order": order, **rider, **groups},
    }


def _now() -> datetime:
    return datetime.now(UTC)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
