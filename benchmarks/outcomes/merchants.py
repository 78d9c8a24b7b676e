"""The merchants of the play, in this process: each decides about a request by where on the
simulated clock the attempt is."""

import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.ledger.counts import Request
from benchmarks.outcomes.faults import Calendar
from benchmarks.outcomes.partners import ENDPOINTS, SECURE
from benchmarks.outcomes.simulated_clock import SimulatedClock
from sandbox.behaviour import Policy
from sandbox.http_connection import Head
from sandbox.merchant import Merchant
from sandbox.steps import Step
from sandbox.tls import Certificate, LocalAuthority


class Merchants:
    """One behind each endpoint; that of SECURE has a certificate, which may have run out."""

    def __init__(self, seed: int, calendar: Calendar, clock: SimulatedClock, ca_file: Path) -> None:
        self._seed, self._calendar, self._clock = seed, calendar, clock
        self._authority = LocalAuthority(ca_file)
        self._now: dict[str, Merchant] = {}
        self._all: list[Merchant] = []
        self._asked: Counter[tuple[str, str]] = Counter()

    async def __aenter__(self) -> Self:
        """Listen, each on a port of its own."""
        for endpoint in ENDPOINTS:
            certificate = self._authority.issue() if endpoint.name == SECURE else None
            await self._serve(endpoint.name, certificate)
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening."""
        for merchant in self._now.values():
            await merchant.close()

    @property
    def origins(self) -> Mapping[str, str]:
        """Where they are, by their endpoints' names."""
        return {name: one.origin for name, one in self._now.items()}

    @property
    def in_flight(self) -> int:
        """Requests that have not been answered yet."""
        return sum(one.in_flight for one in self._now.values())

    async def run_out(self, *, expired: bool) -> None:
        """Serve SECURE with a certificate that has run out, or with a new one."""
        before = self._now[SECURE]
        await before.close()
        port = int(before.origin.rpartition(":")[2])
        await self._serve(SECURE, self._authority.issue(expired=expired), port, before)

    def requests(self, endpoint_ids: Mapping[str, str]) -> list[Request]:
        """Everything they received."""
        return [
            Request(
                endpoint_ids[merchant.name],
                one.webhook_id,
                accepted=one.accepted,
                verified=one.verified,
                body_sha256=str(one.as_json()["body_sha256"]),
                first_byte_at=one.first_byte_at,
                answered=isinstance(one.answer, int),
            )
            for merchant in self._all
            for one in merchant.received
        ]

    async def _serve(
        self,
        name: str,
        certificate: Certificate | None,
        port: int = 0,
        before: Merchant | None = None,
    ) -> None:
        merchant = Merchant(
            name=name,
            port=port,
            tls=certificate,
            behaviour=self._policy(name),
            secret=before.secrets if before else None,
        )
        self._now[name] = await merchant.__aenter__()
        self._all.append(merchant)

    def _policy(self, name: str) -> Policy:
        """The same for the same seed, event and number of the request, whenever it comes."""

        def decide(head: Head) -> Step:
            self._asked[name, head.webhook_id] += 1
            number = self._asked[name, head.webhook_id]
            dice = random.Random(f"{self._seed}/{name}/{head.webhook_id}/{number}")
            moment_s = self._clock.attempt_s(name, head.webhook_id, head.first_byte_at)
            return self._calendar.step(name, moment_s, dice)

        return decide
