"""What a replay of an export used, repaired, left out and made up, in numbers and words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.export_rows import REPAIRED, UNUSABLE

REAL_FIELDS = (
    "order id",
    "rider id, and the city that its letters name",
    "id of the place of pick-up (the first part of the rider's id)",
    "drop coordinates",
    "time ordered and time picked up, as a pattern: all are shifted by the same amount",
    "kind of vehicle",
)
INVENTED_FIELDS = (
    "partner (one for each place of pick-up)",
    "outcome: delivered, failed and attempted again, or returned, with its reason",
    "time of delivery or of the failed attempt (from the distance and the traffic of the row)",
    "second attempts: their time, and a rider of the same city from the export",
    "customer's name and phone",
    "rider's name, phone and number plate",
    "address text and pin code (of the right city)",
    "one-time codes",
    "amounts, payment mode, weight and number of packages",
    "source, partner's order number, shipment id, AWB number and tracking link",
    "promised time",
    "proof, recipient and verification",
)


@dataclass(frozen=True)
class Finding:
    """How many rows, and a sentence that says what about them."""

    count: int
    sentence: str


@dataclass(frozen=True)
class ExportReport:
    """The account of one replay: `rows` = `used` + `beyond_limit` + all unusable ones."""

    name: str
    rows: int
    used: int
    beyond_limit: int
    unusable: Mapping[str, Finding]
    repaired: Mapping[str, Finding]
    """Of the rows that are used; a row may have several."""
    events: Mapping[str, int]
    """By type."""
    first_at: datetime | None
    """The first order's time in the export."""
    last_at: datetime | None
    shift: timedelta
    """Added to every time."""
    speed: float
    real: tuple[str, ...] = REAL_FIELDS
    invented: tuple[str, ...] = INVENTED_FIELDS

    def as_json(self) -> dict[str, Any]:
        """For a file or a page."""
        return {
            **vars(self),
            "unusable": {key: vars(finding) for key, finding in self.unusable.items()},
            "repaired": {key: vars(finding) for key, finding in self.repaired.items()},
            "events": dict(self.events),
            "first_at": self.first_at.isoformat() if self.first_at else None,
            "last_at": self.last_at.isoformat() if self.last_at else None,
            "shift": str(self.shift),
        }

    def lines(self) -> list[str]:
        """The report in words."""
        beyond = f", {self.beyond_limit} beyond the limit" if self.beyond_limit else ""
        unusable = sum(finding.count for finding in self.unusable.values())
        return [
            f"{self.name}: {self.rows} rows, {self.used} used{beyond}, {unusable} unusable",
            *_sentences("unusable", self.unusable),
            *_sentences("repaired", self.repaired),
            f"events: {', '.join(f'{count} {kind}' for kind, count in self.events.items())}",
            f"times: {self.first_at} to {self.last_at}, shifted by {self.shift}",
            f"speed: {self.speed:g} times as fast",
            *(f"real: {field}" for field in self.real),
            *(f"made up: {field}" for field in self.invented),
        ]


def unusable_findings(counts: Counter[str]) -> dict[str, Finding]:
    """Put sentences to the reasons why rows could not be used."""
    return {reason: Finding(counts[reason], UNUSABLE[reason]) for reason in sorted(counts)}


def repaired_findings(counts: Counter[str]) -> dict[str, Finding]:
    """Put sentences to what was repaired."""
    return {repair: Finding(counts[repair], REPAIRED[repair]) for repair in sorted(counts)}


def _sentences(heading: str, findings: Mapping[str, Finding]) -> list[str]:
    return [f"{heading}: {finding.count} times {finding.sentence}" for finding in findings.values()]
