"""The jobs that keep the database free of what it should not have any more."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class RetentionJob(StrEnum):
    """One job of a round; the first ones are what is promised about personal data."""

    ERASE_OTPS = "erase_otps"
    ERASE_EVENTS = "erase_events"
    EXPIRE_DEAD_LETTERS = "expire_dead_letters"
    AGE_TEXTS = "age_texts"
    DROP_PHONE_CHECKS = "drop_phone_checks"
    DROP_LINKS = "drop_links"
    DROP_HEALTH_SUMS = "drop_health_sums"
    DROP_OLD_EVENTS = "drop_old_events"
    DROP_OLD_ENTRIES = "drop_old_entries"


@dataclass(frozen=True)
class KeptFor:
    """How long personal data is kept, where a partner says nothing else, and how long rows are."""

    personal: timedelta
    rows: timedelta


@dataclass(frozen=True)
class JobResult:
    """What a job came to: how many rows it has `done`, how many it could not open, and how many it
    kept beyond their time because something of them has not ended."""

    done: int = 0
    unreadable: int = 0
    kept: int = 0


@dataclass(frozen=True)
class RetentionDone:
    """What one round of retention came to: the rows that each job has done, by its name."""

    done: dict[str, int] = field(default_factory=dict)
