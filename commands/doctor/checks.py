"""What the doctor says of one thing that it has looked at, and of all of them together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Finding(StrEnum):
    """`note`: it works without, but you may want to know. `wrong`: it is there, and does not do
    what it should."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `advice` says what to do when it is not ok."""

    name: str
    finding: Finding
    seen: str
    advice: str = ""

    def lines(self) -> list[str]:
        """As it is printed for people."""
        shown = [f"{self.finding:<8} {self.name:<18} {self.seen}"]
        return [*shown, f"{'':<27} → {self.advice}"] if self.advice else shown


def is_well(checks: Sequence[Check]) -> bool:
    """Whether nothing that is needed is missing or wrong."""
    return all(check.finding in (Finding.OK, Finding.NOTE) for check in checks)


def as_document(checks: Sequence[Check]) -> dict[str, Any]:
    """As it is printed for programs."""
    return {"well": is_well(checks), "checks": [asdict(check) for check in checks]}
