"""What a run comes to: the numbers to print, and whether it passed. Pure."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.layout import TEMPORAL
from benchmarks.ledger.compare import LOST, Fault, Kind, compare, duplicates, unrecorded
from benchmarks.ledger.failover import unfit
from benchmarks.ledger.options import Scenario
from benchmarks.ledger.recovery import Delays, Recovery, delays, recoveries
from benchmarks.ledger.run import Result
from benchmarks.process import Exit

_NOT_POSSIBLE = 2
_NO_START = ("Unable to create server.", "Unable to start server.")
_WELL_ENDED = frozenset({"Completed"})


@dataclass(frozen=True)
class Verdict:
    """The result in numbers. `troubles` are faults of the run itself, in words."""

    counts: dict[str, int]
    faults: list[Fault]
    troubles: list[str]
    recoveries: list[Recovery]
    delays: Delays | None

    @property
    def lost(self) -> int:
        """Broken promises."""
        return sum(fault.kind in LOST for fault in self.faults)

    @property
    def passed(self) -> bool:
        """Nothing was lost, the counts agree, and every process did what it should."""
        return not self.faults and not self.troubles

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "passed": self.passed,
            "lost": self.lost,
            "counts": self.counts,
            "faults": [{"kind": one.kind.name.lower(), "subject": one.subject}
                       for one in self.faults],
            "troubles": self.troubles,
            "recoveries": [asdict(one) for one in self.recoveries],
            "delays": asdict(self.delays) if self.delays else None,
        }  # fmt: skip


def judge(result: Result) -> Verdict:
    """Compare the counts of a run."""
    found = result.counts
    return Verdict(
        counts=_counts(result),
        faults=compare(found),
        troubles=_troubles(result),
        recoveries=recoveries(
            result.kills,
            [one.accepted_at for one in found.acknowledged],
            [one.first_byte_at for one in found.requests],
        ),
        delays=delays(
            {one.event_id: one.accepted_at for one in found.acknowledged},
            ((one.webhook_id, one.first_byte_at) for one in found.requests),
        ),
    )


def _counts(result: Result) -> dict[str, int]:
    found = result.counts
    states = Counter(one.state for one in found.deliveries)
    texts = Counter(one.state for one in found.stored_texts)
    again = duplicates(found)
    return {
        "accepted": len(found.acknowledged),
        "planned": sum(event.state == "planned" for event in found.events),
        "deliveries": len(found.deliveries),
        "delivered": states["delivered"],
        "dead-lettered": states["dead_lettered"],
        "skipped": states["skipped"],
        "held": states["held"],
        "open": states["pending"] + states["delivering"],
        "attempts": sum(one.attempts for one in found.deliveries),
        "webhook requests": len(found.requests),
        "webhooks delivered, database": sum(
            one.state == "delivered" and one.target != "sms" for one in found.deliveries
        ),
        "webhooks delivered, merchants": len(
            {(one.endpoint, one.webhook_id) for one in found.requests if one.accepted}
        ),
        "delivered but not recorded": len(unrecorded(found)),
        "delivered twice or more": len(again),
        "surplus deliveries": again.total(),
        "texts sent, database": texts["accepted"],
        "texts sent, Twilio": len(found.texts),
        "texts in doubt": texts["unknown"],
        "texts sent more than once": _found(result, Kind.TEXT_TWICE),
        "sequence gaps": _found(result, Kind.SEQUENCE_GAP),
        "sequence repeats": _found(result, Kind.SEQUENCE_REPEAT),
        "instructions given, customers": len(found.told),
        "instructions given, database": len(found.instructions),
        "instructions taken, OMS": len({one.webhook_id for one in found.posts if one.accepted}),
        "workflows run again": max(0, result.workflows.total() - _workflows(result)),
        "starts that found no Temporal": sum(map(found_nobody, result.exits)),
        "starts of Temporal that failed": sum(map(did_not_start, result.exits)),
    }


def _workflows(result: Result) -> int:
    """One for each event, and one for each order whose customer has said something."""
    orders = {(one.partner_id, one.order_id) for one in result.counts.instructions}
    return len(result.counts.events) + len(orders)


def found_nobody(end: Exit) -> bool:
    """A worker that finds no Temporal when it starts ends with 2, to be started again (docs)."""
    return end.code == _NOT_POSSIBLE and "Temporal does not answer" in end.last_line


def did_not_start(end: Exit) -> bool:
    """Production's server ends when PostgreSQL is away at its start, to be started again (compose:
    `restart: unless-stopped`)."""
    return end.name == TEMPORAL and end.last_line.startswith(_NO_START)


def _found(result: Result, kind: Kind) -> int:
    return sum(fault.kind is kind for fault in compare(result.counts))


def _troubles(result: Result) -> list[str]:
    troubles = [str(end) for end in result.exits if not (found_nobody(end) or did_not_start(end))]
    troubles += [f"never accepted: {event_id}" for event_id in result.given_up]
    for status, count in result.workflows.items():
        if status not in _WELL_ENDED:
            troubles.append(f"{count} workflows are {status} in Temporal")
    if not result.workflows:
        troubles.append("Temporal did not say how the workflows ended")
    troubles += unfit(result.asked)
    if result.options.scenario in (Scenario.OUTAGE, Scenario.FAILOVER):
        other = result.answers.total() - result.answers["202"]
        if other:
            troubles.append(f"{other} POSTs were not answered 202: {dict(result.answers)}")
    for answer in result.answers:
        if answer.isdigit() and answer not in {"202", "503"}:
            troubles.append(f"an answer that no sender should get: {answer}")
    return troubles
