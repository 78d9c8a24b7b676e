"""The list of orders and one order: what is to be done after a failed delivery, and who the
customer is, for somebody who asks."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ValidationError

from contracts.errors import Conflict, Invalid
from contracts.instructions.forms import fault_of, faults_of, request_of
from dashboard.delivery_views import PressedRetry
from dashboard.forms import Form
from dashboard.instruction_views import action_of, given_by, typed_in
from dashboard.order_list import OrderSearch
from dashboard.order_page import FormSent, order_page
from dashboard.page_context import PartnerPage
from dashboard.routes.order_list import order_list
from store.events.customers import reveal_customer
from store.instructions.giving import give_instruction

router = APIRouter()

OrderId = Annotated[str, Query(max_length=500)]


@router.get("/p/{partner_id}/orders")
async def orders(context: PartnerPage, search: Annotated[OrderSearch, Query()]) -> Response:
    """The list, or with an order's id that order."""
    if search.order_id is None:
        return await order_list(context, search)
    asked = PressedRetry(search.asked, search.delivery)
    return await order_page(context, search.order_id, asked=asked)


@router.post("/p/{partner_id}/orders/reveal")
async def reveal(context: PartnerPage, order_id: OrderId, _fields: Form) -> Response:
    """The page once with the customer's name, phone and address; the audit log says for whom."""
    try:
        revealed = await context.write(
            reveal_customer,
            order_id,
            context.now(),
            owner=context.owner,
            actor=context.viewer.actor,
        )
    except Conflict:
        return await order_page(context, order_id, 409, fault=context.words("order-erased"))
    return await order_page(context, order_id, revealed=revealed)


@router.get("/p/{partner_id}/orders/reveal")
async def revealed_before(context: PartnerPage, order_id: OrderId) -> Response:
    """Back to the order, for whoever follows the address: nothing is shown without asking again."""
    return context.go_to("/orders", order_id=order_id)


@router.post("/p/{partner_id}/orders/instructions")
async def instruct(context: PartnerPage, order_id: OrderId, fields: Form) -> Response:
    """Say what is to be done after the failed delivery that the page has shown."""
    action, typed = action_of(fields), typed_in(fields)
    try:
        await context.write(
            give_instruction,
            partner_id=context.owner,
            order_id=order_id,
            given_by=given_by(context),
            actor=context.viewer.actor,
            request=request_of(action, typed),
            now=context.now(),
            answers_event=fields.text("attempt"),
        )
    except ValidationError as error:
        form = FormSent(action, typed, faults_of(error))
        return await order_page(context, order_id, 422, form=form)
    except Invalid as error:
        form = FormSent(action, typed, fault_of(error))
        return await order_page(context, order_id, 422, form=form)
    except Conflict:
        fault = context.words("instructions-too-late")
        return await order_page(context, order_id, 409, fault=fault)
    return context.go_to("/orders", order_id=order_id, done="instruction-given")
