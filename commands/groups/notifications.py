"""`doorstep notifications …`: what people were told, and whether it reached them."""

from typing import Annotated, Any

import typer

from commands.command_line import with_api
from commands.groups.options import AsJson, Limit, OfPartner
from commands.printing import print_items
from contracts.notifications.messages import MessageChannel, MessageState

notifications = typer.Typer(
    help="What people and programs were told, message by message.", no_args_is_help=True
)

OfChannel = Annotated[MessageChannel | None, typer.Option(help="of this channel alone")]
OfState = Annotated[MessageState | None, typer.Option(help="in this state alone")]

_LISTED = {
    "MESSAGE": "id",
    "TELLS": "tells",
    "PARTNER": "partner_id",
    "CHANNEL": "channel",
    "TO": "to",
    "STATE": "state",
    "LAST ANSWER": "code",
    "WHY": "why",
    "SINCE": "created_at",
}


@notifications.command("list")
def list_notifications(
    partner: OfPartner = None,
    channel: OfChannel = None,
    state: OfState = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Messages, the newest first: e-mails, SMS to contact phones, webhooks."""
    wanted = {"partner_id": partner, "channel": channel, "state": state}
    found = with_api(lambda api: api.items("/v1/notifications", wanted, limit))
    shown = [{**one, "tells": _tells(one), "to": _to(one)} for one in found]
    print_items(found if as_json else shown, _LISTED, as_json=as_json)


def _tells(message: dict[str, Any]) -> str:
    """The kinds of what it tells, each once, and how many they are."""
    kinds = ", ".join(dict.fromkeys(one["kind"] for one in message["notifications"]))
    count = message["notification_count"]
    return f"{kinds} ({count})" if count > 1 else kinds


def _to(message: dict[str, Any]) -> str | None:
    recipient = message["recipient"]
    return f"{recipient['name']} <{recipient['address'] or '-'}>" if recipient else None
