"""`/v1/instructions`, `/v1/orders/…/instructions`: what is to be done after a failed delivery."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

from api.auth.key_check import Anyone, OmsOrOps, Ops, OpsOrPartner
from api.dependencies import Now, Store
from api.idempotency import Idempotent
from api.instruction_views import (
    ChoicesView,
    InstructionPage,
    InstructionQuery,
    InstructionWithAttempts,
    OrderInstructions,
    OrderInstructionsQuery,
    PostAttemptView,
    besides_the_row,
    public,
)
from api.json_route import JsonRoute
from api.pages import cut
from api.rows import view_of
from contracts.access.callers import Caller
from contracts.errors import Invalid, NotFound
from contracts.ids import InstructionRef, OrderRef
from contracts.instructions.request import InstructionRequest
from contracts.instructions.views import DecisionRequest, InstructionGive, InstructionPublic
from contracts.instructions.words import GivenBy
from store.access.idempotency import once
from store.instructions import posts, search
from store.instructions.choices import choices_for
from store.instructions.decisions import decide
from store.instructions.giving import give_instruction
from store.instructions.search import InstructionFilter
from store.tables import InstructionAttemptRow, InstructionRow

router = APIRouter(route_class=JsonRoute, prefix="/v1", tags=["instructions"])


@router.get("/instructions", summary="List instructions")
async def list_instructions(
    now: Now, database: Store, caller: Anyone, wanted: Annotated[InstructionQuery, Query()]
) -> InstructionPage:
    """The feed: instructions in the order in which they were opened, in pages.

    An OMS that polls asks with `cursor` set to the last `number` it has, and misses none. Those
    that wait for a customer's code are not in it.
    """
    kept = wanted.model_dump(exclude={"cursor", "limit"})
    details = await database.read(
        search.list_feed,
        InstructionFilter(**kept),
        now,
        owner=caller.owner,
        after=int(wanted.cursor) if wanted.cursor else None,
        limit=wanted.limit + 1,
    )
    page, following = cut(details, wanted.limit, lambda one: str(one.row.number))
    return InstructionPage(items=[public(one) for one in page], next_cursor=following)


@router.get("/instructions/{instruction_id}", summary="Get an instruction")
async def get_instruction(
    instruction_id: InstructionRef, now: Now, database: Store, caller: Anyone
) -> InstructionWithAttempts:
    """One instruction, its decision, and how its webhook to the OMS went."""
    return await database.read(_with_attempts, instruction_id, now, caller.owner)


@router.post("/orders/{order_id:path}/instructions", status_code=201, summary="Give an instruction")
async def give_order_instruction(
    order_id: OrderRef,
    asked: InstructionGive,
    now: Now,
    database: Store,
    caller: OpsOrPartner,
    repeated: Idempotent,
) -> InstructionPublic:
    """Say what is to be done after the last failed delivery of an order.

    The latest wins until the OMS has accepted one; the same once more is the same. 404 where no
    delivery of the order has failed; 409 where it is too late: the order went on, an instruction
    was accepted, the time has passed; 422 for what the failure's reason, the partner or the
    calendar does not allow.
    """
    partner_id = _partner_of(caller, asked.partner_id)
    request = InstructionRequest.model_validate(
        {name: getattr(asked, name) for name in InstructionRequest.model_fields}
    )

    def give(session: Session) -> InstructionPublic:
        row = give_instruction(
            session,
            partner_id=partner_id,
            order_id=order_id,
            given_by=GivenBy.MERCHANT if caller.owner else GivenBy.OPS,
            actor=caller.id,
            request=request,
            now=now,
        )
        return _now(session, row, now)

    return await database.write(once, repeated, InstructionPublic, give, now)


@router.get("/orders/{order_id:path}/instructions", summary="List the instructions of an order")
async def list_order_instructions(
    order_id: OrderRef,
    now: Now,
    database: Store,
    caller: Anyone,
    wanted: Annotated[OrderInstructionsQuery, Query()],
) -> OrderInstructions:
    """The instructions of an order, those that wait for a code as well, and what is open now."""
    return await database.read(_of_order, _partner_of(caller, wanted.partner_id), order_id, now)


@router.post("/instructions/{instruction_id}/decision", summary="Decide an instruction")
async def decide_instruction(
    instruction_id: InstructionRef,
    asked: DecisionRequest,
    now: Now,
    database: Store,
    caller: OmsOrOps,
) -> InstructionPublic:
    """Accept or reject an instruction; customer and merchant see it at once.

    The same decision again changes nothing. 409 for another one than before, and for an instruction
    that is not open: a later one took its place, the order went on, or its time has passed.
    """

    def work(session: Session) -> InstructionPublic:
        return _now(session, decide(session, instruction_id, asked, now, actor=caller.id), now)

    return await database.write(work)


@router.post(
    "/instructions/{instruction_id}/retry",
    status_code=202,
    summary="Post an instruction to the OMS again",
)
async def retry_instruction(
    instruction_id: InstructionRef, now: Now, database: Store, caller: Ops
) -> InstructionPublic:
    """Post a dead-lettered instruction to the OMS again, beginning at once.

    409 for one that is no dead letter, or is not open any more.
    """

    def work(session: Session) -> InstructionPublic:
        return _now(session, posts.retry_post(session, instruction_id, now, actor=caller.id), now)

    return await database.write(work)


def _now(session: Session, row: InstructionRow, now: datetime) -> InstructionPublic:
    session.flush()
    return public(search.as_they_stand(session, [row], now)[0])


def _with_attempts(
    session: Session, instruction_id: str, now: datetime, owner: str | None
) -> InstructionWithAttempts:
    detail = search.get_instruction(session, instruction_id, now, owner=owner)
    rows = posts.attempts_of(session, instruction_id)
    return view_of(
        InstructionWithAttempts,
        detail.row,
        **besides_the_row(detail),
        attempts=[_attempt(row) for row in rows],
    )


def _attempt(row: InstructionAttemptRow) -> PostAttemptView:
    return view_of(PostAttemptView, row)


def _of_order(session: Session, partner_id: str, order_id: str, now: datetime) -> OrderInstructions:
    search.require_order(session, partner_id, order_id)
    choices = choices_for(session, partner_id, order_id, now)
    details = search.list_of_order(session, partner_id, order_id, now)
    return OrderInstructions(
        items=[public(one) for one in details],
        choices=ChoicesView.of(choices) if choices else None,
    )


def _partner_of(caller: Caller, named: str | None) -> str:
    """Whose order it is. Invalid where nobody says so, NotFound for another's."""
    if caller.owner is not None and named not in (None, caller.owner):
        raise NotFound(f"no partner {named}")
    partner_id = caller.owner or named
    if partner_id is None:
        raise Invalid("say whose order it is", field="partner_id")
    return partner_id
