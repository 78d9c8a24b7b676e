"""`doorstep deliveries …`: listed, looked at, sent again."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from commands.command_line import with_api
from commands.groups.options import AsJson, Limit, OfEndpoint, OfPartner, Since, Until, moment
from commands.printing import facts, print_items, print_one, table
from contracts.delivery.states import Channel, DeliveryState

deliveries = typer.Typer(
    help="Events on their way to an endpoint or a phone.", no_args_is_help=True
)

_LISTED = {
    "DELIVERY": "id",
    "EVENT": "event_id",
    "PARTNER": "partner_id",
    "TO": "to",
    "STATE": "state",
    "WHY": "why",
    "LAST ANSWER": "last_code",
    "NEXT ATTEMPT": "next_attempt_at",
    "MADE": "created_at",
}
_DELIVERY = {
    "delivery": "id",
    "event": "event_id",
    "partner": "partner_id",
    "to": "to",
    "state": "state",
    "why": "why",
    "round": "round",
    "last answer": "last_code",
    "next attempt": "next_attempt_at",
    "delivered": "delivered_at",
}
_ATTEMPT = {
    "NO.": "number",
    "TRIGGER": "trigger",
    "STATE": "state",
    "ANSWER": "code",
    "CHARGED": "charged",
    "MS": "duration_ms",
    "STARTED": "started_at",
    "IT SAID": "response_excerpt",
}
_TEXT = {
    "SMS": "id",
    "STATE": "state",
    "CODE": "code",
    "WHY": "reason",
    "TO": "phone_masked",
    "PARTS": "parts",
    "CLAIMED": "claimed_at",
}


@deliveries.command("list")
def list_deliveries(
    partner: OfPartner = None,
    endpoint: OfEndpoint = None,
    state: Annotated[DeliveryState | None, typer.Option(help="in this state alone")] = None,
    channel: Annotated[Channel | None, typer.Option(help="of this channel alone")] = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """The deliveries of a partner or an endpoint, the newest first."""
    wanted = {
        "partner_id": partner,
        "endpoint_id": endpoint,
        "state": state,
        "channel": channel,
        "since": moment(since),
        "until": moment(until),
    }
    found = with_api(lambda api: api.items("/v1/deliveries", wanted, limit))
    shown = found if as_json else [with_its_reason(one) for one in found]
    print_items(shown, _LISTED, as_json=as_json)


@deliveries.command("show")
def show_delivery(
    delivery_id: Annotated[str, typer.Argument(metavar="DELIVERY_ID")], as_json: AsJson = False
) -> None:
    """One delivery, with what each attempt was answered."""
    from commands.api_client import in_path

    delivery = with_api(lambda api: api.get(f"/v1/deliveries/{in_path(delivery_id)}"))
    lines = [*facts(with_its_reason(delivery), _DELIVERY), "", *attempts_of(delivery)]
    print_one(delivery, lines, as_json=as_json)


@deliveries.command("retry")
def retry_deliveries(
    delivery_ids: Annotated[list[str], typer.Argument(metavar="DELIVERY_ID")],
    resend: Annotated[
        bool, typer.Option("--resend", help="also what was delivered, or may have been")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send deliveries again, at once; a line each says how it fared."""
    from commands.bulk import retry_deliveries
    from commands.progress_bars import progress_bar

    with progress_bar("sending again") as progress:
        done = with_api(
            lambda api: retry_deliveries(api, delivery_ids, resend=resend, progress=progress)
        )
    done.show("sent again", as_json=as_json)


def with_its_reason(delivery: Mapping[str, Any]) -> dict[str, Any]:
    """A delivery with why it is held or was skipped in one field, where it goes in another, and how
    many attempts or texts there were."""
    made = len(delivery.get("attempts") or delivery.get("sms") or [])
    return {
        **delivery,
        "why": delivery["hold_reason"] or delivery["skip_reason"],
        "to": delivery["endpoint_id"] or delivery["channel"],
        "made": made,
    }


def attempts_of(delivery: Mapping[str, Any]) -> list[str]:
    """The attempts of a delivery, or its texts, as a table; nothing where there are none."""
    if delivery["attempts"]:
        return table(delivery["attempts"], _ATTEMPT)
    return table(delivery["sms"], _TEXT)
