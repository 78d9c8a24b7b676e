"""The board of operations: which partners are asked for, in which order, and why each stands where
it does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field, model_validator

from contracts.delivery.states import Channel
from contracts.endpoints.health import HealthState
from contracts.tiers import Tier
from dashboard.figures import count_shown, share_shown
from dashboard.state_texts import BAD, GOOD, WAITING, StateText, code_said
from dashboard.temporal_links import partner_link
from dashboard.translations import Words
from store.reports.ops_board import MOST_COUNTED, TOO_FEW_ARRIVE, PartnerLine, Standing
from store.reports.worst_endpoints import EndpointTrouble

STANDINGS: Mapping[str, Standing] = {one.name.lower(): one for one in Standing}
_TONES = {Standing.HELP: BAD, Standing.LOOK: WAITING, Standing.WELL: GOOD}


class Sort(StrEnum):
    """What the partners are sorted by; the most, or the worst, comes first."""

    WORST = "worst"
    NAME = "name"
    EVENTS = "events"
    RATE = "rate"
    FAILED = "failed"
    HELD = "held"


_ORDERS: Mapping[Sort, Callable[[PartnerLine], Any]] = {
    Sort.NAME: lambda one: one.name.casefold(),
    Sort.EVENTS: lambda one: -one.events_today,
    Sort.RATE: lambda one: 2.0 if one.lately.rate is None else one.lately.rate,
    Sort.FAILED: lambda one: -one.dead_letters,
    Sort.HELD: lambda one: -one.held,
}
"""Of `worst` there is none: so the board comes from the store."""


class BoardQuery(BaseModel):
    """What the address of the page asks for."""

    q: str = Field(default="", max_length=100)
    tier: Tier | None = None
    standing: str = Field(default="", pattern="^(help|look|well)?$")
    sort: Sort = Sort.WORST
    page: int = Field(default=1, ge=1, le=1000)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        """A choice of "any" comes as an empty field."""
        return {name: value for name, value in sent.items() if value != ""}

    @property
    def narrows(self) -> bool:
        """Whether it leaves partners out."""
        return bool(self.q.strip() or self.tier or self.standing)

    def pick(self, everybody: Sequence[PartnerLine]) -> list[PartnerLine]:
        """Those that are asked for, in the order that is asked for."""
        found = [one for one in everybody if self._fits(one)]
        order = _ORDERS.get(self.sort)
        return sorted(found, key=order) if order is not None else found

    def _fits(self, line: PartnerLine) -> bool:
        named = line.is_named(self.q.strip())
        standing = STANDINGS.get(self.standing, line.standing)
        return named and self.tier in (None, line.tier) and line.standing is standing


@dataclass(frozen=True)
class Reason:
    """One reason why a partner stands where it does, and where that is seen to."""

    said: str
    place: str
    host: str | None = None

    @property
    def title(self) -> str:
        """The same, and which endpoint is meant."""
        return f"{self.said} ({self.host})" if self.host else self.said


@dataclass(frozen=True)
class Row:
    """A partner as the page shows it."""

    line: PartnerLine
    standing: StateText
    reasons: Sequence[Reason]
    events: str
    rate: str
    dead_letters: str
    held: str
    temporal: str | None


@dataclass(frozen=True)
class Insight:
    """What is looked up of some partners only: their worst endpoints' troubles, by endpoint, and
    their failed updates by channel, by partner."""

    troubles: Mapping[str, EndpointTrouble]
    failed: Mapping[str, Mapping[Channel, int]]


def row_of(
    t: Words, line: PartnerLine, insight: Insight, since: Callable[[Any], str], ui: str | None
) -> Row:
    """A partner in words; `since` says a moment."""
    standing = line.standing
    return Row(
        line,
        StateText(t(f"ops-standing-{standing.name.lower()}"), _TONES[standing]),
        reasons=_reasons(t, line, insight, since),
        events=count_shown(t, line.events_today),
        rate=share_shown(t, line.lately.rate),
        dead_letters=count_shown(t, line.dead_letters, MOST_COUNTED),
        held=count_shown(t, line.held, MOST_COUNTED),
        temporal=partner_link(ui, line.id),
    )


def _reasons(
    t: Words, line: PartnerLine, insight: Insight, since: Callable[[Any], str]
) -> list[Reason]:
    """The most urgent first."""
    home = f"/dashboard/p/{line.id}"
    found: list[Reason] = []
    if line.paused_at is not None:
        paused = t("ops-why-paused", when=since(line.paused_at))
        found.append(Reason(paused, f"{home}/settings"))
    found += _of_endpoint(t, line, insight, since)
    found += _of_failed(t, line, insight.failed.get(line.id))
    if line.held:
        held = count_shown(t, line.held, MOST_COUNTED)
        found.append(Reason(t("ops-why-held", count=held), f"/dashboard/ops/held?q={line.id}"))
    rate = line.lately.rate
    if rate is not None and rate < TOO_FEW_ARRIVE:
        found.append(Reason(t("ops-why-rate", share=share_shown(t, rate)), f"{home}/dead-letters"))
    return found


def _of_endpoint(
    t: Words, line: PartnerLine, insight: Insight, since: Callable[[Any], str]
) -> list[Reason]:
    worst = line.worst
    if worst is None or worst.state is HealthState.HEALTHY:
        return []
    place = f"/dashboard/p/{line.id}/endpoints/{worst.id}"
    trouble = insight.troubles.get(worst.id)
    if trouble is None:
        return [Reason(t(f"ops-why-endpoint-{worst.state}"), place)]
    if worst.state in (HealthState.PAUSED, HealthState.DISABLED) or trouble.health.since is None:
        by = "given-up" if worst.given_up else worst.state
        return [Reason(t(f"ops-why-endpoint-{by}"), place, trouble.host)]
    return [Reason(_failing(t, trouble.code, since(trouble.health.since)), place, trouble.host)]


def _failing(t: Words, code: str | None, when: str) -> str:
    """How an endpoint fails: by the status that it answers, where it answers."""
    if code is not None and code.startswith("http_"):
        return t("ops-why-answers", status=code.removeprefix("http_"), when=when)
    return t("ops-why-fails", answer=code_said(t, code), when=when)


def _of_failed(t: Words, line: PartnerLine, channels: Mapping[Channel, int] | None) -> list[Reason]:
    place = f"/dashboard/p/{line.id}/dead-letters"
    if not line.dead_letters:
        return []
    if not channels:
        shown = count_shown(t, line.dead_letters, MOST_COUNTED)
        return [Reason(t("ops-why-failed", count=line.dead_letters, shown=shown), place)]
    return [
        Reason(t(f"ops-why-failed-{channel}", count=count), f"{place}?channel={channel}")
        for channel, count in sorted(channels.items())
    ]
