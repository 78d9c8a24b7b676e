"""A partner's name, time zone and channels, its pause; and what only operations may change."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_gmt
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from api.dashboard.desk import MembersMayNot, OwnerPage, PartnerDesk
from api.dashboard.forms import Fields, Form
from api.dashboard.words import ENGLISH
from contracts.partners import TIERS, PartnerChange
from store.partners import change_partner

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
_OF_OPS = ("tier", "retention_days", "sms_daily_cap", "sms_sender")


@router.get("/p/{partner_id}/settings")
async def settings_of_partner(desk: OwnerPage) -> Response:
    """What is set for this partner, and the forms to change it."""
    return _settings(desk)


@router.post("/p/{partner_id}/settings")
async def change_settings(desk: OwnerPage, fields: Form) -> Response:
    """Change the name and the time zone; a zone that is written wins over the chosen one."""
    zone = fields.text("other_zone") or fields.text("time_zone")
    kept = {**fields.as_body("name", "other_zone"), "time_zone": zone}
    asked = {"name": fields.text("name"), "time_zone": zone}
    return await _change(desk, asked, kept, done="settings-saved")


@router.post("/p/{partner_id}/settings/pause")
async def pause(desk: OwnerPage, _fields: Form) -> Response:
    """Hold everything from now on, without losing anything."""
    return await _change(desk, {"paused": True}, {}, done="settings-paused")


@router.post("/p/{partner_id}/settings/resume")
async def resume(desk: OwnerPage, _fields: Form) -> Response:
    """Let events go out again; what is held stays held until it is sent again."""
    return await _change(desk, {"paused": False}, {}, done="settings-resumed")


@router.post("/p/{partner_id}/settings/webhooks")
async def switch_webhooks(desk: OwnerPage, fields: Form) -> Response:
    """Switch webhooks on or off for what is planned from now on."""
    asked = {"webhook_enabled": fields.text("on") == "yes"}
    return await _change(desk, asked, {}, done="settings-saved")


@router.post("/p/{partner_id}/settings/operations")
async def change_what_is_of_ops(desk: OwnerPage, fields: Form) -> Response:
    """Change the tier, limits and the sender: for operations only."""
    if not desk.viewer.is_ops:
        raise MembersMayNot
    return await _change(desk, _of_ops(fields), fields.as_body(*_OF_OPS), done="settings-saved")


def _of_ops(fields: Fields) -> dict[str, Any]:
    """What ops ask for; numbers as numbers, so that each fault is told of its own field."""
    numbers = {name: fields.number(name) for name in ("retention_days", "sms_daily_cap")}
    return {**fields.as_body(*_OF_OPS), **numbers}


async def _change(
    desk: PartnerDesk, asked: Mapping[str, Any], kept: Mapping[str, Any], *, done: str
) -> Response:
    try:
        change = PartnerChange.model_validate(asked)
    except ValidationError as error:
        places = [line["loc"][0] for line in error.errors(include_url=False, include_input=False)]
        fault = desk.words(f"settings-fault-{places[0]}")
        return _settings(desk, 422, fault=fault, asked=kept)
    await desk.write(
        change_partner,
        desk.owner,
        change,
        desk.now(),
        actor=desk.viewer.actor,
        by_ops=desk.viewer.is_ops,
    )
    return desk.go_to("/settings", done=done)


def _settings(
    desk: PartnerDesk,
    status: int = 200,
    *,
    fault: str | None = None,
    asked: Mapping[str, Any] | None = None,
) -> Response:
    partner = desk.partner
    shown = {
        **{name: getattr(partner, name) for name in ("name", "time_zone", *_OF_OPS)},
        "other_zone": None,
        **(asked or {}),
    }
    return desk.page(
        "settings",
        status,
        zones=_zones(desk, partner.time_zone),
        tiers=list(TIERS),
        asked=shown,
        fault=fault,
        cap=partner.sms_daily_cap or desk.parts.text_rules.daily_cap,
        sender=partner.sms_sender or desk.parts.text_rules.default_sender,
    )


def _zones(desk: PartnerDesk, current: str) -> Sequence[tuple[str, str]]:
    """Common zones and the one in use, each with what its clocks are ahead or behind now."""
    names = dict.fromkeys((current, *COMMON_ZONES))
    return [(name, f"{name.replace('_', ' ')} ({_offset(desk, name)})") for name in names]


def _offset(desk: PartnerDesk, zone: str) -> str:
    return get_timezone_gmt(desk.now().astimezone(ZoneInfo(zone)), locale=ENGLISH)
