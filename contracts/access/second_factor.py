"""The second factor of a sign-in: the code of an authenticator app, or a recovery code."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from contracts.access.users import Role

PENDING_SIGN_IN_LASTS = timedelta(minutes=10)
"""From the right password to the code."""

RECOVERY_CODES = 10


class SecondFactorRule(StrEnum):
    """Who has to have one. Whoever has one is always asked for it."""

    OPTIONAL = "optional"
    OPS = "ops"
    EVERYONE = "everyone"

    def requires(self, role: Role) -> bool:
        """Whether somebody with this role gets in with a second factor only."""
        return self is SecondFactorRule.EVERYONE or (
            self is SecondFactorRule.OPS and role is Role.OPS
        )


class CodeFate(StrEnum):
    """What a code that somebody typed turned out to be."""

    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"
    """It was right, and has been used already."""
    CLOCK_BEHIND = "clock_behind"
    """It was right some minutes ago: the app's clock is slow, or the code was kept too long."""
    CLOCK_AHEAD = "clock_ahead"
    """It will be right in some minutes: the app's clock is fast."""


@dataclass(frozen=True)
class JudgedCode:
    """What a code turned out to be. `step` is the time step of an app's code that was right;
    `off_min` how many minutes a clock is off."""

    fate: CodeFate
    step: int | None = None
    off_min: int = 0

    @property
    def is_right(self) -> bool:
        """Whether it lets somebody in."""
        return self.fate is CodeFate.RIGHT
