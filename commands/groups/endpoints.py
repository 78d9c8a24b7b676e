"""`doorstep endpoints …`: how they do, switched on and off, and caught up after an outage."""

from typing import Annotated, Any

import typer

from commands.command_line import with_api
from commands.groups.options import AsJson, Limit, OfPartner, Since, Until, moment
from commands.printing import facts, print_items, print_one, table
from contracts.delivery.states import DeliveryState

endpoints = typer.Typer(help="Where partners receive webhooks.", no_args_is_help=True)

EndpointArgument = Annotated[str, typer.Argument(metavar="ENDPOINT_ID")]

_LISTED = {"ENDPOINT": "id", "PARTNER": "partner_id", "STATE": "state", "URL": "url"}
_ENDPOINT = {
    "endpoint": "id",
    "partner": "partner_id",
    "url": "url",
    "state": "state",
    "why it is off": "state_reason",
    "gets": "event_types",
    "in order": "ordered",
    "recovers by itself": "auto_recover",
    "health": "health.state",
    "because": "health.reason",
    "since": "health.since",
    "last hour": "last_hour",
    "last 24 hours": "last_24_hours",
}
_RECOVERY = {
    "RECOVERY": "id",
    "STATE": "state",
    "SENT AGAIN": "requested",
    "OF": "found",
    "BY": "made_by",
    "BEGUN": "created_at",
    "ENDED": "finished_at",
    "WHY IT STOPPED": "reason",
}


@endpoints.command("list")
def list_endpoints(partner: OfPartner = None, limit: Limit = 100, as_json: AsJson = False) -> None:
    """The endpoints of a partner or of all, in the order of their ids."""
    found = with_api(lambda api: api.items("/v1/endpoints", {"partner_id": partner}, limit))
    print_items(found, _LISTED, as_json=as_json)


@endpoints.command("show")
def show_endpoint(endpoint_id: EndpointArgument, as_json: AsJson = False) -> None:
    """One endpoint: how it does and why, and its last recoveries."""
    from commands.endpoints import look_at

    endpoint = with_api(lambda api: look_at(api, endpoint_id))
    windows = {name: _in_short(endpoint["health"][name]) for name in ("last_hour", "last_24_hours")}
    recoveries = table(endpoint["recoveries"], _RECOVERY)
    lines = [*facts({**endpoint, **windows}, _ENDPOINT), "", *recoveries]
    print_one(endpoint, lines, as_json=as_json)


@endpoints.command("enable")
def enable_endpoint(endpoint_id: EndpointArgument, as_json: AsJson = False) -> None:
    """Switch an endpoint on. What is held for it is sent by `doorstep endpoints recover`."""
    _switch(endpoint_id, "enabled", as_json=as_json)


@endpoints.command("disable")
def disable_endpoint(endpoint_id: EndpointArgument, as_json: AsJson = False) -> None:
    """Switch an endpoint off: its deliveries are held, none is dropped."""
    _switch(endpoint_id, "disabled", as_json=as_json)


@endpoints.command("recover")
def recover_endpoint(
    endpoint_id: EndpointArgument,
    since: Since = None,
    until: Until = None,
    state: Annotated[
        list[DeliveryState] | None,
        typer.Option(help="held, dead_lettered or delivered; may be repeated"),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="only say how many that would be")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="until it has ended")] = True,
    as_json: AsJson = False,
) -> None:
    """Send what is held for an endpoint and its dead letters again, oldest first, at its rate.

    It goes on without this command, after Ctrl-C too. The exit code is 1 when it stopped early.
    """
    from commands.endpoints import begin_recovery, preview_recovery, until_ended
    from commands.progress_bars import progress_bar

    wanted = {"since": moment(since), "until": moment(until), "states": state or None}
    if preview:
        seen = with_api(lambda api: preview_recovery(api, endpoint_id, wanted))
        print_one(seen, [f"{seen['found']} would be sent again"], as_json=as_json)
        return
    recovery = with_api(lambda api: begin_recovery(api, endpoint_id, wanted))
    if wait:
        with progress_bar("sending again") as progress:
            recovery = with_api(lambda api: until_ended(api, recovery, progress))
    print_one(recovery, table([recovery], _RECOVERY), as_json=as_json)
    if recovery["state"] not in ("running", "done"):
        raise typer.Exit(1)


def _switch(endpoint_id: str, state: str, *, as_json: bool) -> None:
    from commands.api_client import in_path

    path = f"/v1/endpoints/{in_path(endpoint_id)}"
    changed = with_api(lambda api: api.ask("PATCH", path, {"state": state}))
    said = f"{changed['id']}  {changed['state']}  {changed['url']}"
    print_one(changed, [said], as_json=as_json)


def _in_short(window: dict[str, Any]) -> str | None:
    if not window["attempts"]:
        return None
    share = window["succeeded"] * 100 // window["attempts"]
    return f"{window['attempts']} attempts, {share} % succeeded, p95 {window['p95_ms']} ms"
