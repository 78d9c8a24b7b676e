"""Faults that a person ends, and those that no single request decides: put between the events
before and after their moment."""

import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from benchmarks.outcomes.faults import Calendar, Fault, Kind
from benchmarks.outcomes.merchants import Merchants
from benchmarks.outcomes.operator import Operator
from benchmarks.outcomes.partners import PARTNER_OF, PARTNERS, SECURE, texted
from benchmarks.outcomes.simulated_clock import SimulatedClock
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Accept, Refuse

_TEXTED = frozenset(partner.id for partner in PARTNERS if texted(partner))
_UNAVAILABLE = Refuse(20503)


@dataclass(frozen=True)
class Incident:
    """What is done at a moment of the simulated clock, between events of these partners."""

    offset_s: float
    partner_ids: frozenset[str]
    act: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Incidents:
    """Makes the incidents of a calendar. `endpoint_ids` are the product's, by endpoints' names."""

    calendar: Calendar
    clock: SimulatedClock
    merchants: Merchants
    twilio: TwilioSandbox
    operator: Operator
    endpoint_ids: dict[str, str]

    def all(self) -> list[Incident]:
        """In the order of their moments."""
        made = (one for fault in self.calendar.faults for one in self._of(fault))
        return sorted(made, key=lambda one: one.offset_s)

    def _of(self, fault: Fault) -> Iterator[Incident]:
        partners = frozenset({PARTNER_OF.get(fault.endpoint, "")})
        match fault.kind:
            case Kind.GONE:
                yield Incident(fault.ends_s, partners, lambda: self._switch_on(fault.endpoint))
            case Kind.GONE_FOR_GOOD:
                endpoint_id = self.endpoint_ids[fault.endpoint]
                yield Incident(fault.ends_s, partners, lambda: self.operator.remove(endpoint_id))
            case Kind.CERTIFICATE:
                run_out = self.merchants.run_out
                yield Incident(fault.begins_s, partners, lambda: run_out(expired=True))
                yield Incident(fault.ends_s, partners, self._renew)
            case Kind.TWILIO_OUTAGE:
                yield Incident(fault.begins_s, _TEXTED, lambda: self._twilio(_UNAVAILABLE))
                yield Incident(fault.ends_s, _TEXTED, lambda: self._twilio(Accept()))

    async def recover(self, endpoint: str) -> None:
        """Send again what an endpoint did not get."""
        self.clock.recover(endpoint, time.time())
        await self.operator.recover(self.endpoint_ids[endpoint])

    async def _switch_on(self, endpoint: str) -> None:
        """What was held for it goes out at once, and arrives after the repair."""
        self.clock.recover(endpoint, time.time())
        url = f"{self.merchants.origins[endpoint]}/hook-again"
        await self.operator.switch_on(self.endpoint_ids[endpoint], url)
        await self.recover(endpoint)

    async def _renew(self) -> None:
        await self.merchants.run_out(expired=False)
        await self.recover(SECURE)

    async def _twilio(self, step: Accept | Refuse) -> None:
        self.twilio.behave(step)
