"""`/ops/texts`: how the SMS channel does; stopping texts, and letting them go again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from api.dashboard.desk import Desk, OpsPage
from api.dashboard.figures import count_shown, share_shown
from api.dashboard.forms import Fields, Form, first_fault
from api.dashboard.sentences import BAD, GOOD, QUIET, WAITING, code_said
from api.dashboard.words import Words
from api.routes.sms_stops import StopAsked, stop_as_asked
from contracts.errors import Invalid
from contracts.states import SmsState
from store.sms.channel import TextChannel, read_channel, sender_of
from store.sms.stops import DOORSTEP, lift_stop
from store.tables import SmsStopRow

router = APIRouter(prefix="/ops/texts")

_TONES = {
    SmsState.DELIVERED: GOOD,
    SmsState.SENT: GOOD,
    SmsState.UNDELIVERED: BAD,
    SmsState.REJECTED: BAD,
    SmsState.UNKNOWN: WAITING,
    SmsState.REFUSED: WAITING,
}


@dataclass(frozen=True)
class _StopLine:
    """A stop in words: what it stops, and who is meant by that."""

    row: SmsStopRow
    what: str
    whom: str | None
    held: str
    by_doorstep: bool


@router.get("")
async def text_channel(desk: OpsPage) -> Response:
    """Stops in force, the texts of the last 24 hours, what is held and why, and today's counts."""
    return await _channel(desk)


@router.post("/stops")
async def stop(desk: OpsPage, fields: Form) -> Response:
    """Stop all texts, or one partner's: they are held until somebody lets them go."""
    body = fields.as_body("partner_id", "reason")
    if fields.text("which") == "all":
        body = {**body, "partner_id": None}
    elif body["partner_id"] is None:
        return await _channel(desk, fields, desk.words("ops-texts-which-partner"))
    try:
        asked = StopAsked.model_validate(body)
        await desk.write(stop_as_asked, asked, desk.now(), actor=desk.viewer.actor)
    except (ValidationError, Invalid) as error:
        return await _channel(desk, fields, _fault(desk.words, error))
    return desk.go_to("/texts", done="texts-stopped")


@router.post("/stops/{stop_id}/start")
async def start(desk: OpsPage, stop_id: str, _fields: Form) -> Response:
    """Lift a stop; what it held goes out within seconds, unless it is stale by then."""
    await desk.write(lift_stop, stop_id, desk.now(), actor=desk.viewer.actor)
    return desk.go_to("/texts", done="texts-started")


async def _channel(desk: Desk, fields: Fields | None = None, fault: str | None = None) -> Response:
    """The page; with what a form asked for, and what was wrong with it."""
    rules, t = desk.parts.text_rules, desk.words
    seen = await desk.read(read_channel, desk.now(), daily_cap=rules.daily_cap)
    return desk.page(
        "ops_texts",
        422 if fault else 200,
        seen=seen,
        stops=_stops(t, seen, rules.default_sender),
        states=_states(t, seen.states),
        unknown=[(one, code_said(t, one.code)) for one in seen.unknown],
        near=[(one, share_shown(t, one.share)) for one in seen.near_the_cap],
        figures=_figures(t, seen),
        asked={name: fields.text(name) if fields else "" for name in ("which", *_LABELS)},
        fault=fault,
    )


_LABELS = {"partner_id": "ops-texts-partner", "reason": "ops-texts-reason"}
"""The fields of the form, and what they are called."""


def _stops(t: Words, seen: TextChannel, default_sender: str | None) -> list[_StopLine]:
    return [
        _StopLine(
            row,
            _what(t, row),
            _whom(t, row, seen.users, default_sender),
            count_shown(t, held),
            row.made_by == DOORSTEP,
        )
        for row, held in seen.stops
    ]


def _what(t: Words, row: SmsStopRow) -> str:
    """Which texts a stop holds."""
    kind, _, rest = row.scope.partition("/")
    sender, _, country = rest.partition("/")
    return t(f"ops-stop-{kind}", partner=rest, sender=sender, country=country)


def _whom(
    t: Words, row: SmsStopRow, users: Mapping[str, Sequence[str]], default_sender: str | None
) -> str | None:
    """Whose texts leave from the sender that fails."""
    sender = sender_of(row.scope)
    if sender is None:
        return None
    if sender == default_sender:
        return t("ops-stop-default-sender")
    names = users.get(sender, ())
    return t("ops-stop-users", names=", ".join(names)) if names else None


def _states(t: Words, counts: Mapping[SmsState, int]) -> list[tuple[str, str, str]]:
    """The texts of the last 24 hours: word, tone and count, in the order of a text's life."""
    return [
        (t(f"ops-text-{state}"), _TONES.get(state, QUIET), count_shown(t, counts[state]))
        for state in SmsState
        if counts.get(state)
    ]


def _figures(t: Words, seen: TextChannel) -> list[tuple[str, str, str]]:
    """Figures on top: name, value and tone."""
    held, unknown = sum(seen.held.values()), seen.states.get(SmsState.UNKNOWN, 0)
    counts = (
        ("stops", len(seen.stops), BAD),
        ("held", held, WAITING),
        ("unknown", unknown, WAITING),
        ("today", seen.texts_today, ""),
        ("near", len(seen.near_the_cap), WAITING),
    )
    return [
        (t(f"ops-texts-{name}"), count_shown(t, n), tone if n else "") for name, n, tone in counts
    ]


def _fault(t: Words, error: ValidationError | Invalid) -> str:
    if isinstance(error, Invalid):
        return str(error)
    field, fault = first_fault(error)
    return t("form-fault", field=t(_LABELS[field]), fault=fault)
