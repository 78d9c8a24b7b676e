"""One order in words: what is known of it, how far the parcel is, and what each update led to at
the customer's phone and at every endpoint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from babel.numbers import format_currency

from contracts.delivery.states import OPEN_STATES, Channel, DeliveryState, EventState, SmsState
from contracts.payload.events import TrackingEvent
from contracts.payload.groups import Order
from contracts.payload.names import first_name
from dashboard.customers import customer_shown
from dashboard.delivery_views import PressedRetry, endpoint_name, may_ask_for, standing_said
from dashboard.order_list import parcel_said
from dashboard.page_context import PartnerContext
from dashboard.parcel_steps import Happened, ParcelStep, steps_of
from dashboard.relative_times import clock_shown
from dashboard.state_texts import StateText, code_said, event_said
from dashboard.translations import Words
from store.events.search import ListedEvent
from store.events.timeline import OrderStory
from store.sms.as_read import ReadText
from store.tables import DeliveryRow, SmsMessageRow

_NEVER_SENT = (SmsState.REFUSED, SmsState.REJECTED)
_SOON_S, _LATER_S = 2, 10


@dataclass(frozen=True)
class OrderFacts:
    """What is known of an order, by its last update; None for what is not."""

    shop_number: str | None = None
    awb_number: str | None = None
    customer: str | None = field(default=None, repr=False)
    city: str | None = None
    payment: str | None = None
    expected_at: datetime | None = None
    promised_at: datetime | None = None
    rider: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SmsShown:
    """An SMS as the customer read it; `body` is None where that is not kept."""

    row: SmsMessageRow
    body: str | None = field(repr=False)
    is_anew: bool
    became: str


@dataclass(frozen=True)
class ChannelShown:
    """What came of one update at one receiver. `answer` is the endpoint's last one."""

    row: DeliveryRow
    endpoint: str | None
    said: StateText
    may: str | None
    answer: str | None
    answered_at: datetime | None
    texts: Sequence[SmsShown]


@dataclass(frozen=True)
class UpdateShown:
    """One update of the order, with what the customer got and what each endpoint did."""

    event: ListedEvent
    said: StateText
    parcel: StateText
    sms: Sequence[ChannelShown]
    webhooks: Sequence[ChannelShown]
    others: Sequence[ChannelShown]


def updates_of(
    context: PartnerContext, story: OrderStory, read: Mapping[str, ReadText], asked: PressedRetry
) -> list[UpdateShown]:
    """The updates in the order in which they happened; `read` are the SMS's words by their ids."""
    t, shown = context.words, []
    for event in story.events:
        rows = [
            _channel(context, story, row, read, asked)
            for row in story.deliveries[event.event_id]
            if row.id not in _unasked(event)
        ]
        shown.append(
            UpdateShown(
                event=event,
                said=event_said(t, event.state),
                parcel=parcel_said(t, event.event_type),
                sms=[one for one in rows if one.row.channel is Channel.SMS],
                webhooks=[one for one in rows if one.row.channel is Channel.WEBHOOK],
                others=[one for one in rows if one.row.channel is None],
            )
        )
    return shown


def real_events(story: OrderStory) -> list[ListedEvent]:
    """What happened to the parcel; of an order with test events alone, those."""
    real = [event for event in story.events if not event.is_test]
    return real or list(story.events)


def parcel_steps(story: OrderStory) -> list[ParcelStep]:
    """How far the parcel has come."""
    return steps_of([Happened(one.event_type, one.occurred_at) for one in real_events(story)])


def facts_of(t: Words, story: OrderStory) -> OrderFacts:
    """What the last update says of the order, and the last that names one of its rider."""
    bodies = [
        story.bodies[event.event_id]
        for event in real_events(story)
        if event.event_id in story.bodies
    ]
    if not bodies:
        return OrderFacts()
    order = bodies[-1].data.order
    customer = order.customer
    return OrderFacts(
        shop_number=order.partner_order_ref,
        awb_number=order.awb_number,
        customer=customer_shown(t, customer.name, customer.phone) if customer else None,
        city=order.delivery_address.city,
        payment=_payment(t, order),
        expected_at=order.estimated_delivery_at,
        promised_at=order.promised_at,
        rider=_rider(bodies),
    )


def every_s(story: OrderStory, asked: PressedRetry, now: datetime) -> int | None:
    """After how many seconds the page asks again; None: nothing more is to come by itself."""
    rows = [row for rows in story.deliveries.values() for row in rows]
    unplanned = any(event.state is EventState.ACCEPTED for event in story.events)
    if unplanned or any(row.state in OPEN_STATES for row in rows) or asked.is_fresh(now):
        return _SOON_S
    texts = [text for some in story.texts.values() for text in some]
    waits = any(row.state is DeliveryState.HELD for row in rows)
    return _LATER_S if waits or any(one.awaits_news for one in texts) else None


def _unasked(event: ListedEvent) -> set[str]:
    return {one.id for one in event.deliveries if one.is_unasked}


def _channel(
    context: PartnerContext,
    story: OrderStory,
    row: DeliveryRow,
    read: Mapping[str, ReadText],
    asked: PressedRetry,
) -> ChannelShown:
    t, now = context.words, context.now()
    dead_letter = story.open_dead_letters.get(row.id)
    endpoint = story.endpoints.get(row.endpoint_id or "")
    last = story.last_attempts.get(row.id)
    texts = [one for one in story.texts.get(row.event_id, ()) if one.delivery_id == row.id]
    may = may_ask_for(row, dead_letter, texts, [last] if last else [])
    erased = row.event_id not in story.bodies
    return ChannelShown(
        row=row,
        endpoint=endpoint_name(endpoint) if endpoint else row.endpoint_id,
        said=standing_said(t, row, dead_letter, asked, now),
        may=None if erased or asked.awaits(row, now) else may,
        answer=code_said(t, last.code, last.status_code) if last and last.finished_at else None,
        answered_at=last.finished_at if last else None,
        texts=[_sms(context, one, read.get(one.id)) for one in texts],
    )


def _sms(context: PartnerContext, row: SmsMessageRow, read: ReadText | None) -> SmsShown:
    t, moment = context.words, row.settled_at or row.taken_at or row.claimed_at
    became = t(
        "order-sms-became",
        state=t(f"sms-{row.state}"),
        time=clock_shown(moment, context.zone, t.language),
    )
    words = None if read is None or row.state in _NEVER_SENT else read.body
    return SmsShown(row, words, bool(read and read.is_anew), became)


def _payment(t: Words, order: Order) -> str:
    if order.payment_mode != "cod":
        return t("order-prepaid")
    money = order.cod_amount
    if money is None or not money.amount:
        return t("order-cod-unknown")
    amount = format_currency(money.amount, money.currency, locale=f"{t.language}_IN")
    return t("order-cod", amount=amount)


def _rider(bodies: Sequence[TrackingEvent]) -> str | None:
    """The first name and the vehicle of whoever carries it, or last did."""
    riders = [body.data.rider for body in bodies if body.data.rider is not None]
    return first_name(riders[-1].name) if riders else None
