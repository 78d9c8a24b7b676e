"""The partners of a run: what their endpoints do, and how large their share of the orders is."""

from benchmarks.layout import MERCHANT, OMS, Setup
from benchmarks.ledger.options import Options, Scenario
from benchmarks.proxy import find_nginx
from sandbox.partners import Endpoint, Partner

TIME_SCALE = 0.01
"""The retry schedule of 30 s, 2 min and 8 min takes 0.3, 1.2 and 4.8 s."""

_NEVER_HERE_S = str(365 * 86_400)
"""The texts are counted as they were sent; erasing their OTPs has tests of its own."""

_MIX = "200=80,500=8,503=2,hang:1500ms=4,hang=0.5,reset=4,close=1.5"

TEXTS = "texts"
"""The partner whose customers are texted; it has tracking pages."""
_OMS_ANSWERS = "mix:seed={seed},200=90,500=4,hang:1500ms=4,reset=2"

USUAL_PHONES = tuple(f"+9198765{number:05}" for number in range(43210, 43310))
ODD_PHONES = {
    "+919990021610": "opted out at Twilio: refused for good",
    "+919990020429": "Twilio answers 429: refused for now",
    "+919990020503": "Twilio answers 503: nobody can tell whether it was sent",
    "+919990099902": "Twilio takes it and resets the connection",
}
SLOW_PHONE = "+919876500000"
SLOW_ANSWER = "delay:2s"


def setup_of(options: Options) -> Setup:
    """The rig of a run."""
    partners = partners_of(options.seed)
    endpoints = [endpoint for partner in partners for endpoint in partner.endpoints]
    return Setup(
        partners,
        {MERCHANT: endpoints, OMS: [Endpoint(OMS, _OMS_ANSWERS.format(seed=options.seed))]},
        apis=options.apis,
        workers=options.workers,
        twilio=True,
        nginx=find_nginx() if options.scenario is Scenario.FAILOVER else None,
        settings={
            "DOORSTEP_TIME_SCALE": str(TIME_SCALE),
            "DOORSTEP_RETENTION_EVERY": _NEVER_HERE_S,
        },
    )


def partners_of(seed: int) -> list[Partner]:
    """Every kind of partner: one whose endpoint fails at times, one that is always down, one that
    is gone, a large one, texts only, none at all."""
    unreliable = Endpoint("unreliable", f"mix:seed={seed},{_MIX}")
    return [
        Partner("unreliable", endpoints=[unreliable], share=50),
        Partner("down", endpoints=[Endpoint("down", "500")], sms_fallback=True, share=10),
        Partner("gone", endpoints=[Endpoint("gone", "410")], share=4),
        Partner("large", "enterprise", _large(seed), share=20),
        Partner(TEXTS, "smb", share=12, webhook_enabled=False, sms_enabled=True),
        Partner("silent", webhook_enabled=False, share=4),
    ]


def _large(seed: int) -> list[Endpoint]:
    return [
        Endpoint("large-all", f"mix:seed={seed + 1},{_MIX}"),
        Endpoint("large-some", "200", event_types=["delivered", "delivery_failed"]),
        Endpoint("large-paused", "200", paused=True),
    ]
