"""A partner's name, time zone and channels, its pause; and what only operations may change."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_gmt
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from contracts.partners import PartnerChange
from contracts.tiers import TIERS
from dashboard.forms import Form
from dashboard.page_context import MembersMayNot, OwnerPage, PartnerContext
from store.partners.partners import change_partner
from web_forms import Fields

router = APIRouter()

COMMON_ZONES = (
    "Asia/Kolkata",
    "Asia/Colombo",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Kathmandu",
    "Asia/Singapore",
    "Australia/Sydney",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
_HERE = "/settings"
_BACK = {"endpoints": "/endpoints"}
"""Where the switch of the webhooks stands, too."""
_OF_OPS = ("tier", "retention_days", "sms_daily_cap", "sms_sender")


@router.get("/p/{partner_id}/settings")
async def settings_of_partner(context: OwnerPage) -> Response:
    """What is set for this partner, and the forms to change it."""
    return _settings(context)


@router.post("/p/{partner_id}/settings")
async def change_settings(context: OwnerPage, fields: Form) -> Response:
    """Change the name and the time zone; a zone that is written wins over the chosen one."""
    zone = fields.text("other_zone") or fields.text("time_zone")
    kept = {**fields.as_body("name", "other_zone"), "time_zone": zone}
    asked = {"name": fields.text("name"), "time_zone": zone}
    return await _change(context, asked, kept, done="settings-saved")


@router.post("/p/{partner_id}/settings/pause")
async def pause(context: OwnerPage, _fields: Form) -> Response:
    """Hold everything from now on, without losing anything."""
    return await _change(context, {"paused": True}, {}, done="settings-paused")


@router.post("/p/{partner_id}/settings/resume")
async def resume(context: OwnerPage, _fields: Form) -> Response:
    """Let events go out again; what is held stays held until it is sent again."""
    return await _change(context, {"paused": False}, {}, done="settings-resumed")


@router.post("/p/{partner_id}/settings/webhooks")
async def switch_webhooks(context: OwnerPage, fields: Form) -> Response:
    """Switch webhooks on or off for what is planned from now on."""
    on = fields.text("on") == "on"
    place = _BACK.get(context.request.query_params.get("back", ""), _HERE)
    done = "webhooks-on" if on else "webhooks-off"
    return await _change(context, {"webhook_enabled": on}, {}, done=done, place=place)


@router.post("/p/{partner_id}/settings/operations")
async def change_what_is_of_ops(context: OwnerPage, fields: Form) -> Response:
    """Change the tier, limits and the sender: for operations only."""
    if not context.viewer.is_ops:
        raise MembersMayNot
    return await _change(context, _of_ops(fields), fields.as_body(*_OF_OPS), done="settings-saved")


def _of_ops(fields: Fields) -> dict[str, Any]:
    """What ops ask for; numbers as numbers, so that each fault is told of its own field."""
    numbers = {name: fields.number(name) for name in ("retention_days", "sms_daily_cap")}
    return {**fields.as_body(*_OF_OPS), **numbers}


async def _change(
    context: PartnerContext,
    asked: Mapping[str, Any],
    kept: Mapping[str, Any],
    *,
    done: str,
    place: str = _HERE,
) -> Response:
    try:
        change = PartnerChange.model_validate(asked)
    except ValidationError as error:
        places = [line["loc"][0] for line in error.errors(include_url=False, include_input=False)]
        fault = context.words(f"settings-fault-{places[0]}")
        return _settings(context, 422, fault=fault, asked=kept)
    await context.write(
        change_partner,
        context.owner,
        change,
        context.now(),
        actor=context.viewer.actor,
        by_ops=context.viewer.is_ops,
    )
    return context.go_to(place, done=done)


def _settings(
    context: PartnerContext,
    status: int = 200,
    *,
    fault: str | None = None,
    asked: Mapping[str, Any] | None = None,
) -> Response:
    partner = context.partner
    shown = {
        **{name: getattr(partner, name) for name in ("name", "time_zone", *_OF_OPS)},
        "other_zone": None,
        **(asked or {}),
    }
    return context.page(
        "settings",
        status,
        zones=_zones(context, partner.time_zone),
        tiers=list(TIERS),
        asked=shown,
        fault=fault,
        cap=partner.sms_daily_cap or context.parts.text_rules.daily_cap,
        sender=partner.sms_sender or context.parts.text_rules.default_sender,
    )


def _zones(context: PartnerContext, current: str) -> Sequence[tuple[str, str]]:
    """Common zones and the one in use, each with what its clocks are ahead or behind now."""
    names = dict.fromkeys((current, *COMMON_ZONES))
    return [(name, f"{name.replace('_', ' ')} ({_offset(context, name)})") for name in names]


def _offset(context: PartnerContext, zone: str) -> str:
    return get_timezone_gmt(context.now().astimezone(ZoneInfo(zone)), locale=context.words.language)
