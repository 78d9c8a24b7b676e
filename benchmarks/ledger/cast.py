"""The partners of a run: what their endpoints do, and how large their share of the orders is."""

from collections.abc import Sequence
from dataclasses import dataclass

_MIX = "200=80,500=8,503=2,hang:1500ms=4,hang=0.5,reset=4,close=1.5"

USUAL_PHONES = tuple(f"+9198765{number:05}" for number in range(43210, 43310))
ODD_PHONES = {
    "+919990021610": "opted out at Twilio: refused for good",
    "+919990020429": "Twilio answers 429: refused for now",
    "+919990020503": "Twilio answers 503: nobody can tell whether it was sent",
    "+919990099902": "Twilio takes it and resets the connection",
}
SLOW_PHONE = "+919876500000"
SLOW_ANSWER = "delay:2s"


@dataclass(frozen=True)
class Endpoint:
    """One endpoint. `behaviour` is the sandbox merchant's; `event_types` None means every type."""

    name: str
    behaviour: str
    event_types: Sequence[str] | None = None
    paused: bool = False


@dataclass(frozen=True)
class Partner:
    """One partner; `share` is the weight of its orders among all."""

    id: str
    tier: str
    share: float
    endpoints: Sequence[Endpoint] = ()
    webhook_enabled: bool = True
    sms_enabled: bool = False
    sms_fallback: bool = False


def cast(seed: int) -> list[Partner]:
    """Every kind of partner: a moody one, one that is always down, one that is gone, a large one,
    texts only, none at all."""
    return [
        Partner("moody", "growth", 50, [Endpoint("moody", f"mix:seed={seed},{_MIX}")]),
        Partner("down", "growth", 10, [Endpoint("down", "500")], sms_fallback=True),
        Partner("gone", "growth", 4, [Endpoint("gone", "410")]),
        Partner("large", "enterprise", 20, _large(seed)),
        Partner("texts", "smb", 12, webhook_enabled=False, sms_enabled=True),
        Partner("silent", "growth", 4, webhook_enabled=False),
    ]


def _large(seed: int) -> list[Endpoint]:
    return [
        Endpoint("large-all", f"mix:seed={seed + 1},{_MIX}"),
        Endpoint("large-some", "200", event_types=["delivered", "delivery_failed"]),
        Endpoint("large-paused", "200", paused=True),
    ]
