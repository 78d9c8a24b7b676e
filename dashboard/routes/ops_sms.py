"""`/ops/texts`: how the SMS channel does; suspending SMS, and letting them go again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from api.routes.sms_suspensions import SuspensionRequest, suspend_as_requested
from contracts.access.callers import DOORSTEP
from contracts.delivery.states import SmsState
from dashboard.faults import first_fault
from dashboard.figures import count_shown, share_shown
from dashboard.forms import Form
from dashboard.page_context import OpsPage, PageContext
from dashboard.state_texts import BAD, GOOD, QUIET, WAITING, code_said
from dashboard.translations import Words
from store.sms.channel import TextChannel, read_channel, sender_of
from store.sms.suspensions import lift_suspension
from store.tables import SmsSuspensionRow
from web_forms import Fields

router = APIRouter(prefix="/ops/texts")

_TONES = {
    SmsState.DELIVERED: GOOD,
    SmsState.SENT: GOOD,
    SmsState.UNDELIVERED: BAD,
    SmsState.REJECTED: BAD,
    SmsState.UNKNOWN: WAITING,
    SmsState.REFUSED: WAITING,
}

_SENT = (SmsState.ACCEPTED, SmsState.SENT, SmsState.DELIVERED, SmsState.UNDELIVERED)


@dataclass(frozen=True)
class _SuspensionLine:
    """A stop in words: what it stops, and who is meant by that."""

    row: SmsSuspensionRow
    what: str
    whom: str | None
    held: str
    by_doorstep: bool


@router.get("")
async def text_channel(context: OpsPage) -> Response:
    """Stops in force, the texts of the last 24 hours, what is held and why, and today's counts."""
    return await _channel(context)


@router.post("/suspensions")
async def suspension(context: OpsPage, fields: Form) -> Response:
    """Suspend the SMS of all partners: they are on hold until somebody resumes them. Those of one
    partner are suspended by `/ops/act`."""
    try:
        asked = SuspensionRequest.model_validate({**fields.as_body("reason"), "partner_id": None})
    except ValidationError as error:
        return await _channel(context, fields, _fault(context.words, error))
    await context.write(suspend_as_requested, asked, context.now(), actor=context.viewer.actor)
    return context.go_to("/texts", done="texts-stopped")


@router.post("/suspensions/{suspension_id}/start")
async def start(context: OpsPage, suspension_id: str, _fields: Form) -> Response:
    """Lift a stop; what it held goes out within seconds, unless it is stale by then."""
    await context.write(lift_suspension, suspension_id, context.now(), actor=context.viewer.actor)
    return context.go_to("/texts", done="texts-started")


async def _channel(
    context: PageContext, fields: Fields | None = None, fault: str | None = None
) -> Response:
    """The page; with what a form asked for, and what was wrong with it."""
    rules, t = context.parts.text_rules, context.words
    seen = await context.read(read_channel, context.now(), daily_cap=rules.daily_cap)
    return context.page(
        "ops_sms",
        422 if fault else 200,
        seen=seen,
        suspensions=_suspensions(t, seen, rules.default_sender),
        states=_states(t, seen.states),
        total=count_shown(t, sum(seen.states.values())),
        partners=seen.partners,
        unknown=[(one, code_said(t, one.code)) for one in seen.unknown],
        near=[(one, share_shown(t, one.share)) for one in seen.near_the_cap],
        figures=_figures(t, seen),
        reason=fields.text("reason") if fields else "",
        fault=fault,
    )


def _suspensions(t: Words, seen: TextChannel, default_sender: str | None) -> list[_SuspensionLine]:
    return [
        _SuspensionLine(
            row,
            _what(t, row),
            _whom(t, row, seen.users, default_sender),
            count_shown(t, held),
            row.made_by == DOORSTEP,
        )
        for row, held in seen.suspensions
    ]


def _what(t: Words, row: SmsSuspensionRow) -> str:
    """Which texts a stop holds."""
    kind, _, rest = row.scope.partition("/")
    sender, _, country = rest.partition("/")
    return t(f"ops-suspension-{kind}", partner=rest, sender=sender, country=country)


def _whom(
    t: Words, row: SmsSuspensionRow, users: Mapping[str, Sequence[str]], default_sender: str | None
) -> str | None:
    """Whose texts leave from the sender that fails."""
    sender = sender_of(row.scope)
    if sender is None:
        return None
    if sender == default_sender:
        return t("ops-suspension-default-sender")
    names = users.get(sender, ())
    return t("ops-suspension-users", names=", ".join(names)) if names else None


def _states(t: Words, counts: Mapping[SmsState, int]) -> list[tuple[str, str, str]]:
    """The SMS of the last 24 hours: word, tone and count of every state, in the order of an SMS's
    life."""
    return [
        (t(f"ops-text-{state}"), _TONES.get(state, QUIET), count_shown(t, counts.get(state, 0)))
        for state in SmsState
    ]


def _figures(t: Words, seen: TextChannel) -> list[tuple[str, str, str]]:
    """Figures on top: name, value and tone. What was sent is what the table below says: all but the
    claimed, the refused and those of which nobody can tell."""
    held, unknown = sum(seen.held.values()), seen.states.get(SmsState.UNKNOWN, 0)
    counts = (
        ("suspensions", len(seen.suspensions), BAD),
        ("held", held, WAITING),
        ("unknown", unknown, WAITING),
        ("sent", sum(seen.states.get(one, 0) for one in _SENT), ""),
        ("today", seen.texts_today, ""),
        ("near", len(seen.near_the_cap), WAITING),
    )
    return [
        (t(f"ops-texts-{name}"), count_shown(t, n), tone if n else "") for name, n, tone in counts
    ]


def _fault(t: Words, error: ValidationError) -> str:
    _, fault = first_fault(t, error)
    return t("form-fault", field=t("ops-texts-reason"), fault=fault)
