"""`/v1/sms/stops`: one switch for all texts or one partner's, and what Doorstep stopped itself."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.auth import Ops
from api.dependencies import PartsDep
from api.json_route import JsonRoute
from api.rows import view_of
from contracts.errors import Invalid, NotFound
from contracts.events import PartnerId
from contracts.fields import Text, UtcDatetime
from store.partners import get_partner
from store.sms.stops import ALL_TEXTS, lift_stop, list_stops, partner_scope, put_stop
from store.tables import SmsStopRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/sms/stops", tags=["texts"])


class StopAsked(BaseModel):
    """Which texts to stop: one partner's, or all where `partner_id` is null; and why."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    partner_id: PartnerId | None = None
    reason: Text


class StopView(BaseModel):
    """A stop that is in force. `probe_at`: when one text tries whether it is mended."""

    id: str
    scope: str = Field(examples=["all", "partner/chai-point", "account", "sender/DRSTEP"])
    partner_id: str | None
    reason: str
    code: str | None = Field(description="what Twilio said, where Doorstep stopped it itself")
    made_by: str
    created_at: UtcDatetime
    probe_at: UtcDatetime | None
    held: int = Field(description="how many texts wait for its end")


class StopList(BaseModel):
    """Every stop in force, the oldest first."""

    items: list[StopView]


@router.get("")
async def list_sms_stops(parts: PartsDep, _caller: Ops) -> StopList:
    """What holds texts back now, and how many texts each stop holds."""
    stops = await parts.database.read(list_stops)
    return StopList(items=[view_of(StopView, row, held=held) for row, held in stops])


@router.post("", status_code=201)
async def stop_texts(asked: StopAsked, parts: PartsDep, caller: Ops) -> StopView:
    """Stop all texts, or one partner's: they are held, and sent after the stop if still of use.

    Stopped again, the stop in force is given back.
    """
    row = await parts.database.write(stop_as_asked, asked, parts.clock(), actor=caller.id)
    held = dict(await parts.database.read(_held_by_stops))
    return view_of(StopView, row, held=held.get(row.id, 0))


@router.delete("/{stop_id}", status_code=204)
async def start_texts(stop_id: str, parts: PartsDep, caller: Ops) -> None:
    """Lift a stop. What it held goes out within seconds; what is stale by then is skipped."""
    await parts.database.write(lift_stop, stop_id, parts.clock(), actor=caller.id)


def stop_as_asked(session: Session, asked: StopAsked, now: datetime, *, actor: str) -> SmsStopRow:
    """Put the stop. Invalid when there is no such partner."""
    partner_id = asked.partner_id
    if partner_id is not None:
        try:
            get_partner(session, partner_id)
        except NotFound:
            raise Invalid(f"no partner {partner_id}: create it first", field="partner_id") from None
    scope = ALL_TEXTS if partner_id is None else partner_scope(partner_id)
    return put_stop(session, scope, now, reason=asked.reason, made_by=actor, partner_id=partner_id)


def _held_by_stops(session: Session) -> list[tuple[str, int]]:
    return [(stop.id, held) for stop, held in list_stops(session)]
