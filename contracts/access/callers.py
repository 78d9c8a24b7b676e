"""Who calls the API, and what their key lets them do."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.tiers import Tier


class Scope(StrEnum):
    """What a key is for: to send events, to run Doorstep, or to look after one partner."""

    OMS = "oms"
    OPS = "ops"
    PARTNER = "partner"


COMMAND_LINE = "command_line"
"""The actor of what was done by a command on the machine, without a key."""

DOORSTEP = "doorstep"
"""The actor of what Doorstep did by itself."""

CUSTOMER = "customer"
"""The actor of what a customer did who followed a link."""


@dataclass(frozen=True)
class Caller:
    """Whoever holds a key. `id` is what is recorded, never a name; `partner_id` and
    `tier` are set for a partner's key and only then."""

    id: str
    scopes: frozenset[Scope]
    partner_id: str | None = None
    tier: Tier | None = None

    @property
    def owner(self) -> str | None:
        """The partner whose rows alone this caller may see; None may see every partner's."""
        return self.partner_id
