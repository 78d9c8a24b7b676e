"""`doorstep events …`: sent, looked at, and started again where they failed."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from commands.command_line import with_api
from commands.groups.options import AsJson, Limit, OfPartner, OfType, Since, Until, moment
from commands.printing import facts, print_items, print_json, print_one, table
from contracts.delivery.states import DeliveryState, EventState

events = typer.Typer(help="Order-tracking events.", no_args_is_help=True)

EventArgument = Annotated[str, typer.Argument(metavar="EVENT_ID")]

_LISTED = {
    "EVENT": "event_id",
    "TYPE": "event_type",
    "PARTNER": "partner_id",
    "ORDER": "order_id",
    "STATE": "state",
    "ACCEPTED": "accepted_at",
    "DELIVERIES": "deliveries",
}
_EVENT = {
    "event": "event_id",
    "type": "event_type",
    "partner": "partner_id",
    "order": "order_id",
    "sequence": "sequence",
    "test": "is_test",
    "occurred": "occurred_at",
    "accepted": "accepted_at",
    "state": "state",
    "why it failed": "failure_reason",
    "erased": "erased_at",
}
_DELIVERY = {
    "DELIVERY": "id",
    "CHANNEL": "channel",
    "ENDPOINT": "endpoint_id",
    "STATE": "state",
    "WHY": "why",
    "LAST ANSWER": "last_code",
    "ATTEMPTS": "made",
    "NEXT ATTEMPT": "next_attempt_at",
    "DELIVERED": "delivered_at",
}
_STATUS = {
    "DELIVERY": "delivery_id",
    "CHANNEL": "channel",
    "STATE": "state",
    "ATTEMPTS": "attempts",
    "NEXT ATTEMPT": "next_attempt_at",
    "WAITS FOR": "waits_for",
}


@events.command("list")
def list_events(
    partner: OfPartner = None,
    order: Annotated[str | None, typer.Option(help="of this order")] = None,
    awb: Annotated[str | None, typer.Option(help="of this air waybill")] = None,
    ref: Annotated[str | None, typer.Option(help="of the merchant's own number")] = None,
    phone: Annotated[str | None, typer.Option(help="of this customer")] = None,
    last_four: Annotated[str | None, typer.Option(help="of customers whose phone ends so")] = None,
    name: Annotated[str | None, typer.Option(help="of customers of this name")] = None,
    event_type: OfType = None,
    state: Annotated[EventState | None, typer.Option(help="of the event")] = None,
    delivery_state: Annotated[
        DeliveryState | None,
        typer.Option(help="of a delivery of it; with a partner, an order or an air waybill"),
    ] = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """The event log, the newest first."""
    wanted = {
        "partner_id": partner,
        "order_id": order,
        "awb_number": awb,
        "partner_order_ref": ref,
        "event_type": event_type,
        "state": state,
        "delivery_state": delivery_state,
        "since": moment(since),
        "until": moment(until),
    }
    customer = {"phone": phone, "phone_last_four": last_four, "customer_name": name}
    if any(customer.values()):
        asked = {**wanted, **customer}
        found = with_api(lambda api: api.items("/v1/events/search", asked, limit, in_body=True))
    else:
        found = with_api(lambda api: api.items("/v1/events", wanted, limit))
    print_items(found if as_json else [_in_short(one) for one in found], _LISTED, as_json=as_json)


@events.command("show")
def show_event(event_id: EventArgument, as_json: AsJson = False) -> None:
    """One event, with its deliveries and what each attempt was answered."""
    from commands.api_client import in_path
    from commands.groups.deliveries import attempts_of, with_its_reason

    event = with_api(lambda api: api.get(f"/v1/events/{in_path(event_id)}"))
    deliveries = [with_its_reason(one) for one in event["deliveries"]]
    lines = facts(event, _EVENT)
    if deliveries:
        lines += ["", *table(deliveries, _DELIVERY)]
    for delivery in deliveries:
        if attempts := attempts_of(delivery):
            lines += ["", f"attempts of {delivery['id']}", *attempts]
    print_one(event, lines, as_json=as_json)


@events.command("status")
def show_status(event_id: EventArgument, as_json: AsJson = False) -> None:
    """How an event stands, and what its open deliveries wait for; its workflow is asked, too."""
    from commands.api_client import in_path

    status = with_api(lambda api: api.get(f"/v1/events/{in_path(event_id)}/status"))
    deliveries = table(status["deliveries"], _STATUS)
    print_one(status, [f"{status['event_id']}  {status['state']}", *deliveries], as_json=as_json)


@events.command("send")
def send_events(
    file: Annotated[str, typer.Argument(help="JSON, a JSON list or JSON lines; - is stdin")],
    as_json: AsJson = False,
) -> None:
    """Post events to the API, in their order; a line each says how it fared."""
    from commands.api_client import ApiClient
    from commands.event_file import read_events
    from commands.events import Sent, send_events

    found = read_events(file)

    async def send_all(api: ApiClient) -> list[Sent]:
        fared = []
        async for sent in send_events(found, api):
            fared.append(sent)
            if not as_json:
                typer.echo("\n    ".join([f"{sent.event_id}  {sent.outcome}", *sent.faults]))
        return fared

    fared = with_api(send_all)
    if as_json:
        print_json([asdict(sent) for sent in fared])
    if refused := sum(not sent.taken for sent in fared):
        typer.echo(f"{refused} of {len(found)} refused", err=True)
        raise typer.Exit(1)


@events.command("example")
def example_event(
    partner: Annotated[str, typer.Option(help="the partner that it is for")],
    event_type: Annotated[
        str, typer.Option("--type", help="which of the five")
    ] = "order_confirmed",
) -> None:
    """Print an event of now, for `doorstep events send`: an order that nobody has placed."""
    from commands.example_event import example_event

    print_json(example_event(partner, event_type))


@events.command("restart")
def restart_events(
    event_ids: Annotated[list[str] | None, typer.Argument(metavar="EVENT_ID")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="all events that failed")] = False,
    as_json: AsJson = False,
) -> None:
    """Put events that failed back into the outbox, once what kept them from starting is over."""
    from commands.api_client import ApiClient
    from commands.events import restart, restart_failed

    if failed is bool(event_ids):
        raise typer.BadParameter("say which ones: their ids, or --failed for all")

    async def restart_all(api: ApiClient) -> list[str]:
        again = restart_failed(api) if failed else restart(api, event_ids or [])
        started = []
        async for event_id in again:
            started.append(event_id)
            if not as_json:
                typer.echo(event_id)
        return started

    started = with_api(restart_all)
    print_one(started, [f"{len(started)} started again"], as_json=as_json)


def _in_short(event: dict[str, Any]) -> dict[str, Any]:
    said = [f"{one['channel'] or 'none'} {one['state']}" for one in event["deliveries"]]
    return {**event, "deliveries": said}
