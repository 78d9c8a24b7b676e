"""Where a shop stands, in one sentence with one button: the words for `Standing`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from contracts.delivery.standing import NEEDS_A_PERSON, Standing, Trouble
from contracts.endpoints.health import Health, HealthState
from dashboard.figures import count_shown
from dashboard.page_context import PartnerContext
from dashboard.state_texts import BAD, GOOD, WAITING
from dashboard.translations import Words
from store.reports.tallies import MOST_COUNTED
from store.tables import EndpointRow

Endpoints = Sequence[tuple[EndpointRow, Health]]

_PLACES: Mapping[Trouble, str] = {
    Trouble.NOTHING_IS_SENT: "/texts",
    Trouble.FAILED: "/dead-letters",
    Trouble.SMS_STOPPED: "/texts",
    Trouble.DAILY_CAP: "/texts",
    Trouble.LATE: "/events?state=delivering",
    Trouble.IN_LINE: "/orders?problem=held",
}
_OF_ENDPOINTS: Mapping[Trouble, frozenset[HealthState]] = {
    Trouble.ENDPOINT_FAILING: frozenset({HealthState.FAILING}),
    Trouble.ENDPOINT_OFF: frozenset({HealthState.DISABLED, HealthState.PAUSED}),
    Trouble.ENDPOINT_FLAKY: frozenset({HealthState.DEGRADED}),
}


@dataclass(frozen=True)
class Banner:
    """One state, one sentence, one button. `resumes`: the button ends the pause."""

    tone: str
    title: str
    text: str = ""
    action_label: str | None = None
    action_place: str | None = None
    resumes: bool = False


def banner_of(context: PartnerContext, standing: Standing, endpoints: Endpoints) -> Banner:
    """What needs somebody most; or that all is well."""
    t, worst = context.words, standing.worst
    where, place = _where(worst, endpoints)
    values = {
        "held": standing.held,
        "shown": count_shown(t, standing.held, MOST_COUNTED),
        "failed": standing.failed,
        "late": standing.late,
        "unprocessed": standing.situation.unprocessed,
        "where": where or t("banner-an-endpoint"),
    }
    name, tone = worst.name.lower().replace("_", "-"), _tone(worst)
    if worst is Trouble.NOTHING_IS_SENT and context.partner.sms_awaits_owner:
        name, tone = "awaits-owner", WAITING
    return Banner(
        tone=tone,
        title=t(f"banner-{name}", **values),
        text=_text(t, standing),
        action_label=t(f"banner-{name}-do") if place else None,
        action_place=place and f"{context.base}{place}",
        resumes=worst is Trouble.PAUSED and context.viewer.may_change,
    )


def _tone(worst: Trouble) -> str:
    if worst is Trouble.NONE:
        return GOOD
    return BAD if worst in NEEDS_A_PERSON and worst is not Trouble.PAUSED else WAITING


def _text(t: Words, standing: Standing) -> str:
    """What else there is to know: what it means for those on hold, and that some have failed."""
    worst = standing.worst
    if worst in _OF_ENDPOINTS and worst is not Trouble.ENDPOINT_FLAKY:
        name = worst.name.lower().replace("_", "-")
        return t(
            f"banner-{name}-text",
            held=standing.held,
            shown=count_shown(t, standing.held, MOST_COUNTED),
            failed=standing.failed,
        )
    if worst is not Trouble.FAILED and standing.failed:
        return t("banner-also-failed", failed=standing.failed)
    if worst is Trouble.FAILED and standing.held:
        return t("banner-also-held", held=standing.held)
    return ""


def _where(worst: Trouble, endpoints: Endpoints) -> tuple[str | None, str | None]:
    """The endpoint that it is about, and the page that helps."""
    states = _OF_ENDPOINTS.get(worst)
    if states is None:
        return None, _PLACES.get(worst)
    ill = [row for row, health in endpoints if health.state in states]
    if len(ill) != 1:
        return None, "/endpoints"
    name = ill[0].description or urlsplit(ill[0].url).netloc
    return name, f"/endpoints/{ill[0].id}"
