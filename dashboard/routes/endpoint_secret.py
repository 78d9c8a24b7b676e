"""`/p/{partner_id}/endpoints/{endpoint_id}/secret`: the signing secret: rotated, and verified."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from contracts.errors import Conflict
from dashboard.endpoint_frame import SECRET, tab_page
from dashboard.endpoint_tests import SeenTest, see_test, test_shown
from dashboard.figures import duration_shown
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext
from dashboard.receivers import receivers
from store.endpoints import secrets
from store.endpoints.endpoints import get_endpoint
from store.endpoints.secrets import SecretInForce, times_in_force
from store.tables import EndpointRow

router = APIRouter(prefix="/p/{partner_id}/endpoints/{endpoint_id}")


@router.get("/secret")
async def secret(context: OwnerPage, endpoint_id: str) -> Response:
    """Since and until when secrets sign; with `test` in the query what became of that test."""
    return await _secret(context, endpoint_id)


@router.post("/rotate")
async def rotate_secret(context: OwnerPage, endpoint_id: str, fields: Form) -> Response:
    """Give it a new secret, shown on this page only. Both are in force for a day, or with `at-once`
    only the new one."""
    at_once = fields.has("at-once")
    try:
        _row, made = await context.write(
            secrets.rotate_secret,
            endpoint_id,
            context.now(),
            actor=context.viewer.actor,
            owner=context.owner,
            immediate=at_once,
        )
    except Conflict:
        fault = context.words("endpoint-secret-two")
        return await _secret(context, endpoint_id, 409, fault=fault)
    return await _secret(context, endpoint_id, secret=made, at_once=at_once)


async def _secret(
    context: PartnerContext, endpoint_id: str, status: int = 200, /, **shown: Any
) -> Response:
    endpoint, in_force, test = await context.read(_seen, context, endpoint_id)
    known: dict[str, Any] = {"secret": None, "at_once": False, "fault": None, **shown}
    return tab_page(
        context,
        endpoint,
        SECRET,
        status,
        newest=in_force[0],
        older=in_force[1] if len(in_force) > 1 else None,
        receivers=receivers(),
        took=lambda milliseconds: duration_shown(context.words, milliseconds),
        **test_shown(context, test),
        **known,
    )


def _seen(
    session: Session, context: PartnerContext, endpoint_id: str
) -> tuple[EndpointRow, Sequence[SecretInForce], SeenTest | None]:
    endpoint = get_endpoint(session, endpoint_id, owner=context.owner)
    in_force = times_in_force(session, endpoint_id, context.now())
    test = context.request.query_params.get("test")
    seen = see_test(session, endpoint_id, test, context.owner) if test else None
    return endpoint, in_force, seen
