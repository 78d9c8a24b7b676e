"""`doorstep partners …`: merchants: made, looked at, paused and resumed."""

from typing import Annotated, Any

import typer

from commands.command_line import command_settings, run, with_api
from commands.groups.options import AsJson, Limit
from commands.printing import facts, print_items, print_one, table
from contracts.clock import utc_now

partners = typer.Typer(help="Merchants and their endpoints.", no_args_is_help=True)

PartnerArgument = Annotated[str, typer.Argument(metavar="PARTNER_ID")]

_LISTED = {
    "PARTNER": "id",
    "TIER": "tier",
    "WEBHOOKS": "webhook_enabled",
    "SMS": "sms_enabled",
    "PAUSED SINCE": "paused_at",
    "NAME": "name",
}
_PARTNER = {
    "partner": "id",
    "name": "name",
    "tier": "tier",
    "webhooks": "webhook_enabled",
    "SMS": "sms_enabled",
    "SMS waits for the owner": "sms_awaits_owner",
    "SMS after a dead letter": "sms_fallback",
    "tracking page": "tracking_enabled",
    "paused since": "paused_at",
    "made": "created_at",
}
_ENDPOINT = {"ENDPOINT": "id", "STATE": "state", "WHY IT IS OFF": "state_reason", "URL": "url"}
_MOST_ENDPOINTS = 100


@partners.command("create")
def create_partner(
    name: Annotated[str, typer.Option(help="the merchant's name, as customers read it")],
    tier: Annotated[str, typer.Option(help="smb, growth or enterprise")],
    partner_id: Annotated[str | None, typer.Option("--id", help="your own code for it")] = None,
    url: Annotated[list[str] | None, typer.Option(help="an endpoint; may be repeated")] = None,
    event_types: Annotated[
        str | None, typer.Option(help="what the endpoints get, by commas; default: every type")
    ] = None,
    webhook: Annotated[bool | None, typer.Option("--webhook/--no-webhook")] = None,
    sms: Annotated[bool | None, typer.Option("--sms/--no-sms")] = None,
    sms_fallback: Annotated[bool | None, typer.Option("--sms-fallback/--no-sms-fallback")] = None,
    as_json: AsJson = False,
) -> None:
    """Create a merchant; channels that are not named take the tier's defaults.

    No tier starts with SMS on: the owner turns them on under Customer SMS. --sms is for a shop that
    has asked to be set up.
    """
    from commands.partners import Wish, create_partner

    types = [part.strip() for part in event_types.split(",")] if event_types else None
    channels = {"webhook_enabled": webhook, "sms_enabled": sms, "sms_fallback": sms_fallback}
    wish = Wish(name, tier, partner_id, url or [], types, channels)
    created = run(create_partner(command_settings("WARNING"), wish, utc_now))
    made = [
        {"id": endpoint.id, "url": endpoint.url, "secret": secret}
        for endpoint, secret in created.endpoints
    ]
    lines = [f"partner   {created.partner.id}"]
    for one in made:
        lines.append(f"endpoint  {one['id']}  {one['url']}")
        lines.append(f"secret    {one['secret']}  (shown only now)")
    if made and not created.partner.webhook_enabled:
        lines.append(f"webhooks are off for {created.partner.id}: nothing is sent to its endpoints")
    if created.partner.sms_awaits_owner:
        lines.append("no customer is texted yet: the owner turns SMS on under Customer SMS")
    print_one({"id": created.partner.id, "endpoints": made}, lines, as_json=as_json)


@partners.command("list")
def list_partners(limit: Limit = 100, as_json: AsJson = False) -> None:
    """All partners, in the order of their ids."""
    found = with_api(lambda api: api.items("/v1/partners", None, limit))
    print_items(found, _LISTED, as_json=as_json)


@partners.command("show")
def show_partner(partner_id: PartnerArgument, as_json: AsJson = False) -> None:
    """One partner, with its endpoints."""
    from commands.api_client import ApiClient, in_path

    async def look(api: ApiClient) -> dict[str, Any]:
        partner = await api.get(f"/v1/partners/{in_path(partner_id)}")
        of_it = {"partner_id": partner_id}
        return {**partner, "endpoints": await api.items("/v1/endpoints", of_it, _MOST_ENDPOINTS)}

    partner = with_api(look)
    its_own = table(partner["endpoints"], _ENDPOINT)
    print_one(partner, [*facts(partner, _PARTNER), "", *its_own], as_json=as_json)


@partners.command("pause")
def pause_partner(partner_id: PartnerArgument, as_json: AsJson = False) -> None:
    """Hold everything for a partner, webhooks and texts; none is dropped."""
    _set_paused(partner_id, as_json=as_json, paused=True)


@partners.command("resume")
def resume_partner(partner_id: PartnerArgument, as_json: AsJson = False) -> None:
    """Send to a partner again; what was held is sent by `doorstep endpoints recover`."""
    _set_paused(partner_id, as_json=as_json, paused=False)


def _set_paused(partner_id: str, *, paused: bool, as_json: bool) -> None:
    from commands.api_client import in_path

    path = f"/v1/partners/{in_path(partner_id)}"
    changed = with_api(lambda api: api.ask("PATCH", path, {"paused": paused}))
    since = changed["paused_at"]
    said = f"{changed['id']}  {f'paused since {since}' if since else 'not paused'}"
    print_one(changed, [said], as_json=as_json)
