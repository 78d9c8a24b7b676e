"""The ledger of one merchant: every request, who waits for it, its journal and its summary."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.received import Received
from sandbox.steps import HANGING, RESET_BEFORE_READING
from sandbox.waiting import Changes


class Inbox:
    """Keeps what was received, in the order of arrival."""

    def __init__(self, name: str, journal: Path | None = None) -> None:
        self.name = name
        self.received: list[Received] = []
        self.changes = Changes()
        self._journal = journal.open("a", encoding="utf-8") if journal else None
        self.in_flight = self.most_in_flight = 0
        self._in_flight_of: Counter[str] = Counter()
        self._most_in_flight_of: Counter[str] = Counter()

    def most_in_flight_of(self, webhook_id: str) -> int:
        """The most requests with this id that ever ran side by side."""
        return self._most_in_flight_of[webhook_id]

    @contextmanager
    def flight(self, webhook_id: str) -> Iterator[None]:
        """Count a request as in flight."""
        self.in_flight += 1
        self._in_flight_of[webhook_id] += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        most = max(self._most_in_flight_of[webhook_id], self._in_flight_of[webhook_id])
        self._most_in_flight_of[webhook_id] = most
        try:
            yield
        finally:
            self.in_flight -= 1
            self._in_flight_of[webhook_id] -= 1

    def record(self, received: Received) -> int:
        """Keep a request; returns its position. One that hangs is journalled once it is over."""
        self.received.append(received)
        if received.answer != HANGING:
            self._write(received)
        return len(self.received) - 1

    def settle(self, position: int, answer: int | str) -> None:
        """Replace the answer of a request that was hanging."""
        self.received[position] = replace(self.received[position], answer=answer)
        self._write(self.received[position])

    def summary(self) -> dict[str, Any]:
        """The counts that a ledger compares with the sender's."""
        accepted = Counter(r.webhook_id for r in self.received if r.accepted)
        again = sorted(webhook_id for webhook_id, times in accepted.items() if times > 1)
        read = [r for r in self.received if r.answer != RESET_BEFORE_READING]
        return {
            "merchant": self.name,
            "requests": len(self.received),
            "answered_2xx": accepted.total(),
            "accepted_ids": len(accepted),
            "duplicates": len(again),
            "duplicate_ids": again,
            "unverified": sum(not r.verified for r in read),
            "answers": dict(Counter(str(r.answer) for r in self.received)),
            "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight,
            "most_in_flight_of_one_id": max(self._most_in_flight_of.values(), default=0),
        }

    def close(self) -> None:
        """Close the journal."""
        if self._journal:
            self._journal.close()

    def _write(self, received: Received) -> None:
        if self._journal:
            line = {"merchant": self.name, **received.as_json()}
            self._journal.write(json.dumps(line) + "\n")
            self._journal.flush()
