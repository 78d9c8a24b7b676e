"""`/ops/held`: what is on hold over all partners, why, and the one action that frees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field, field_validator

from contracts.delivery.states import HoldReason
from dashboard.csv_files import csv_file, in_one_piece
from dashboard.figures import count_shown
from dashboard.page_context import HOME, OpsPage, PageContext
from dashboard.partner_actions import PartnerAction
from dashboard.temporal_links import partner_link
from dashboard.translations import Words
from store.reports.held import HeldGroup, held_groups

router = APIRouter(prefix="/ops")

_MOST_LINES = 200


class HeldQuery(BaseModel):
    """What the address of the page asks for: a partner, by id or a part of its name; a reason."""

    q: str = Field(default="", max_length=100)
    reason: HoldReason | None = None

    @field_validator("reason", mode="before")
    @classmethod
    def _without_empty(cls, sent: Any) -> Any:
        """A choice of "any" comes as an empty field."""
        return sent or None

    def pick(self, groups: Sequence[HeldGroup]) -> list[HeldGroup]:
        """Those that are asked for."""
        wanted = self.q.strip().casefold()
        return [
            one
            for one in groups
            if self.reason in (None, one.reason)
            and (wanted in one.partner_id.casefold() or wanted in one.partner_name.casefold())
        ]


Wanted = Annotated[HeldQuery, Query()]


@dataclass(frozen=True)
class HeldLine:
    """One group in words. `place` is where it is freed; None where it goes on by itself."""

    group: HeldGroup
    what: str
    count: str
    frees: str
    label: str
    place: str | None
    temporal: str | None


@router.get("/held")
async def held(context: OpsPage, wanted: Wanted) -> Response:
    """Every group by reason and partner, the largest first."""
    groups = await context.read(held_groups)
    found = wanted.pick(groups)
    return context.page(
        "ops_held",
        wanted=wanted,
        reasons=list(HoldReason),
        figures=_figures(context.words, groups),
        lines=[_line(context, one) for one in found[:_MOST_LINES]],
        more=max(0, len(found) - _MOST_LINES),
        found=len(found),
        total=sum(one.count for one in groups),
        file=context.same_page().replace("/held", "/held.csv", 1),
        now=context.now(),
    )


@router.get("/held.csv")
async def held_as_file(context: OpsPage, wanted: Wanted) -> Response:
    """All that are asked for, as a file."""
    t = context.words
    header = [t(f"ops-held-file-{name}") for name in _FILE]
    rows = [_cells(t, one) for one in wanted.pick(await context.read(held_groups))]
    return csv_file("on-hold", header, in_one_piece(rows))


_FILE = ("reason", "partner", "name", "endpoint", "count", "oldest")


def _cells(t: Words, one: HeldGroup) -> list[str | int | None]:
    reason = t(f"ops-held-{one.reason}")
    oldest = one.oldest_at.isoformat()
    return [reason, one.partner_id, one.partner_name, one.endpoint_id, one.count, oldest]


def _figures(t: Words, groups: Sequence[HeldGroup]) -> list[tuple[str, str, str]]:
    """How many there are for each reason."""
    counts: dict[HoldReason, int] = {}
    for one in groups:
        counts[one.reason] = counts.get(one.reason, 0) + one.count
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [(t(f"ops-held-{reason}"), count_shown(t, count), "") for reason, count in ordered]


def _line(context: PageContext, one: HeldGroup) -> HeldLine:
    t = context.words
    place = _place(one)
    return HeldLine(
        one,
        what=t(f"ops-held-{one.reason}"),
        count=count_shown(t, one.count),
        frees=t(f"ops-held-frees-{one.reason}"),
        label=t(f"ops-held-do-{one.reason}") if place else "",
        place=place,
        temporal=partner_link(context.parts.temporal_ui, one.partner_id, "held"),
    )


def _place(one: HeldGroup) -> str | None:
    """Where somebody frees it."""
    home = f"{HOME}/p/{one.partner_id}"
    endpoint = f"{home}/endpoints/{one.endpoint_id}" if one.endpoint_id else f"{home}/endpoints"
    act = urlencode({"action": PartnerAction.RESUME.value, "ids": one.partner_id})
    places: Mapping[HoldReason, str] = {
        HoldReason.PARTNER_PAUSED: f"{HOME}/ops/act?{act}",
        HoldReason.ENDPOINT_OFF: endpoint,
        HoldReason.ENDPOINT_FAILING: endpoint,
        HoldReason.SMS_SUSPENDED: f"{HOME}/ops/texts",
        HoldReason.DAILY_CAP: f"{home}/settings",
    }
    return places.get(one.reason)
