"""`/v1/sms/suspensions`: holds all SMS or one partner's, and what Doorstep suspended itself."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel import Session

from api.auth.key_check import Ops
from api.dependencies import Now, Store
from api.json_route import JsonRoute
from api.rows import view_of
from contracts.body import Body, shown_as
from contracts.errors import Invalid, NotFound
from contracts.ids import PartnerRef, SuspensionRef
from contracts.payload.events import PartnerId
from contracts.payload.fields import Text, UtcDatetime
from store.partners.partners import get_partner
from store.sms.suspensions import (
    ALL_TEXTS,
    lift_suspension,
    list_suspensions,
    partner_scope,
    suspend,
)
from store.tables import SmsSuspensionRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/sms/suspensions", tags=["texts"])


class SuspensionRequest(Body):
    """Which texts to hold, and why."""

    model_config = shown_as(partner_id="chai-point", reason="a wrong template")

    partner_id: PartnerId | None = Field(default=None, description="null: every partner's")
    reason: Text = Field(description="for people")


class SuspensionView(BaseModel):
    """What holds texts back."""

    id: SuspensionRef
    scope: str = Field(
        description="`all`, `partner/…`, `account`, `sender/…`, `route/…` (sender and country)",
        examples=["partner/chai-point"],
    )
    partner_id: PartnerRef | None
    reason: str = Field(examples=["a wrong template"])
    code: str | None = Field(description="what Twilio said, where Doorstep made it itself")
    made_by: str = Field(examples=["operator"])
    created_at: UtcDatetime
    probe_at: UtcDatetime | None = Field(
        description="from then on one SMS is tried", examples=[None]
    )
    held: int = Field(description="how many texts wait for its end")


class SuspensionList(BaseModel):
    """Every suspension in force, the oldest first."""

    items: list[SuspensionView]


@router.get("", summary="List suspensions")
async def list_sms_suspensions(database: Store, _caller: Ops) -> SuspensionList:
    """What holds texts back now. Doorstep suspends texts itself when Twilio refuses the account, a
    sender, or a sender to a country."""
    suspensions = await database.read(list_suspensions)
    return SuspensionList(
        items=[view_of(SuspensionView, row, held=held) for row, held in suspensions]
    )


@router.post("", status_code=201, summary="Suspend texts")
async def suspend_sms(
    asked: SuspensionRequest, now: Now, database: Store, caller: Ops
) -> SuspensionView:
    """Hold all texts, or one partner's. They go out after the suspension, if they are still of use.

    Suspended again, the suspension in force is given back.
    """
    row = await database.write(suspend_as_requested, asked, now, actor=caller.id)
    held = dict(await database.read(_held_by_suspensions))
    return view_of(SuspensionView, row, held=held.get(row.id, 0))


@router.delete("/{suspension_id}", status_code=204, summary="Lift a suspension")
async def resume_sms(suspension_id: SuspensionRef, now: Now, database: Store, caller: Ops) -> None:
    """What it held goes out within seconds; what is stale by then is skipped."""
    await database.write(lift_suspension, suspension_id, now, actor=caller.id)


def suspend_as_requested(
    session: Session, asked: SuspensionRequest, now: datetime, *, actor: str
) -> SmsSuspensionRow:
    """Put the stop. Invalid when there is no such partner."""
    partner_id = asked.partner_id
    if partner_id is not None:
        try:
            get_partner(session, partner_id)
        except NotFound:
            raise Invalid(f"no partner {partner_id}: create it first", field="partner_id") from None
    scope = ALL_TEXTS if partner_id is None else partner_scope(partner_id)
    return suspend(session, scope, now, reason=asked.reason, made_by=actor, partner_id=partner_id)


def _held_by_suspensions(session: Session) -> list[tuple[str, int]]:
    return [(suspension.id, held) for suspension, held in list_suspensions(session)]
