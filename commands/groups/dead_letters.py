"""`doorstep dead-letters …`: what could not be delivered: listed, sent again, given up."""

from typing import Annotated

import typer

from commands.command_line import with_api
from commands.groups.options import (
    AsJson,
    Limit,
    OfEndpoint,
    OfPartner,
    OfType,
    Since,
    Until,
    moment,
)
from commands.printing import print_items
from contracts.delivery.states import Channel, DeadLetterReason

dead_letters = typer.Typer(
    help="Deliveries that ended without success, kept for a person.", no_args_is_help=True
)

OfReason = Annotated[DeadLetterReason | None, typer.Option(help="why it is one")]
OfChannel = Annotated[Channel | None, typer.Option(help="of this channel alone")]

_LISTED = {
    "DEAD LETTER": "id",
    "TYPE": "event_type",
    "EVENT": "event_id",
    "ORDER": "order_id",
    "PARTNER": "partner_id",
    "TO": "to",
    "WHY": "reason",
    "LAST ANSWER": "code",
    "SINCE": "created_at",
    "ENDED": "resolution",
}


@dead_letters.command("list")
def list_dead_letters(
    partner: OfPartner = None,
    endpoint: OfEndpoint = None,
    reason: OfReason = None,
    channel: OfChannel = None,
    event_type: OfType = None,
    since: Since = None,
    until: Until = None,
    closed: Annotated[bool, typer.Option("--closed", help="those that are over, instead")] = False,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """The open dead letters, the newest first."""
    wanted = {
        **_filter(partner, endpoint, reason, channel, event_type, since, until),
        "open": "false" if closed else "true",
    }
    found = with_api(lambda api: api.items("/v1/dead-letters", wanted, limit))
    shown = [{**one, "to": one["endpoint_id"] or one["channel"]} for one in found]
    print_items(found if as_json else shown, _LISTED, as_json=as_json)


@dead_letters.command("retry")
def retry_dead_letters(
    ids: Annotated[list[str] | None, typer.Argument(metavar="DEAD_LETTER_ID")] = None,
    partner: OfPartner = None,
    endpoint: OfEndpoint = None,
    reason: OfReason = None,
    channel: OfChannel = None,
    event_type: OfType = None,
    since: Since = None,
    until: Until = None,
    everything: Annotated[bool, typer.Option("--all", help="every open one there is")] = False,
    resend: Annotated[
        bool, typer.Option("--resend", help="with ids: also texts that may have been sent")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send dead letters again: these, or all that the options pick.

    For all of one endpoint that was down, `doorstep endpoints recover` keeps to its rate and to the
    order of events.
    """
    from commands.bulk import retry_dead_letters, retry_filtered
    from commands.progress_bars import progress_bar

    which = _filter(partner, endpoint, reason, channel, event_type, since, until)
    picked = any(value is not None for value in which.values())
    if bool(ids) + picked + everything != 1:
        raise typer.BadParameter("say which ones: their ids, options that pick them, or --all")
    if resend and not ids:
        raise typer.BadParameter("--resend needs ids: look at each text first")
    with progress_bar("sending again") as progress:
        if ids:
            done = with_api(
                lambda api: retry_dead_letters(api, ids, resend=resend, progress=progress)
            )
        else:
            done = with_api(lambda api: retry_filtered(api, which, progress=progress))
    done.show("sent again", as_json=as_json)


@dead_letters.command("discard")
def discard_dead_letters(
    ids: Annotated[list[str], typer.Argument(metavar="DEAD_LETTER_ID")],
    reason: Annotated[str, typer.Option(help="why, for people; nothing of a customer")],
    as_json: AsJson = False,
) -> None:
    """Give dead letters up for good: what they were of can no longer be sent."""
    from commands.bulk import discard_dead_letters
    from commands.progress_bars import progress_bar

    with progress_bar("discarding") as progress:
        done = with_api(lambda api: discard_dead_letters(api, ids, reason, progress=progress))
    done.show("discarded", as_json=as_json)


def _filter(
    partner: str | None,
    endpoint: str | None,
    reason: DeadLetterReason | None,
    channel: Channel | None,
    event_type: str | None,
    since: str | None,
    until: str | None,
) -> dict[str, str | None]:
    """Which dead letters, in the API's words."""
    return {
        "partner_id": partner,
        "endpoint_id": endpoint,
        "reason": reason,
        "channel": channel,
        "event_type": event_type,
        "since": moment(since),
        "until": moment(until),
    }
