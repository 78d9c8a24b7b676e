"""`/ops` and `/ops/dead-letters`: all partners, the one that needs help first, and what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session

from contracts.delivery.states import DeadLetterReason
from contracts.endpoints.health import Health
from dashboard.figures import count_shown, share_shown
from dashboard.page_context import OpsPage
from dashboard.state_texts import BAD, GOOD, WAITING, StateText, health_said
from dashboard.times import start_of_day
from dashboard.translations import Words
from store.dead_letters.ages import (
    DeadLettersOfPartner,
    dead_letters_by_partner,
    dead_letters_by_reason,
)
from store.endpoints.switched_off import SwitchedOff, lately_switched_off
from store.reports.ops_board import MOST_COUNTED, Outcome, PartnerLine, Standing, read_board
from store.reports.worst_endpoints import WorstEndpoint, healths_of_worst

router = APIRouter(prefix="/ops")

_ON_A_PAGE = 100
_IN_WORDS = 30
"""Of so many partners of a page, the worst, the endpoint's state is told in a sentence; of the
others in a word, because each sentence costs a look at the endpoint's last attempts."""

_SWITCHED_OFF = 5
_TONES = {Standing.HELP: BAD, Standing.LOOK: WAITING, Standing.WELL: GOOD}

Searched = Annotated[str, Query(max_length=100)]
PageNumber = Annotated[int, Query(ge=1, le=1000)]


@dataclass(frozen=True)
class _BoardQuery:
    """Which partners to show: those that a search finds, and which hundred of them."""

    words: str
    page: int
    now: datetime
    day: datetime


@dataclass(frozen=True)
class _Board:
    """The lines to show, the sentences about their endpoints, and how many there are of all."""

    lines: Sequence[PartnerLine]
    healths: Mapping[str, Health]
    found: int
    everybody: Sequence[PartnerLine]
    switched_off: Sequence[SwitchedOff]


@dataclass(frozen=True)
class _Row:
    """A partner as the page shows it."""

    line: PartnerLine
    standing: StateText
    events: str
    rate: str
    dead_letters: str
    held: str
    endpoint: StateText | None
    temporal: str | None


@router.get("")
async def partners(context: OpsPage, q: Searched = "", page: PageNumber = 1) -> Response:
    """Every partner's health at a glance, the worst first; found by name or id."""
    now = context.now()
    asked = _BoardQuery(q.strip(), page, now, start_of_day(now, context.zone))
    board = await context.read(_read_board, asked)
    ui = context.parts.temporal_ui
    return context.page(
        "ops",
        rows=[_row(context.words, one, board.healths, ui) for one in board.lines],
        figures=_totals(context.words, board.everybody),
        found=board.found,
        more=board.found > page * _ON_A_PAGE,
        page_number=page,
        searched=asked.words,
        switched_off=board.switched_off,
    )


@router.get("/dead-letters")
async def dead_letters(context: OpsPage) -> Response:
    """How many dead letters are open, where, and how old they are: the oldest first."""
    reasons, by_partner = await context.read(_read_dead_letters)
    return context.page(
        "ops_dead_letters",
        total=sum(reasons.values()),
        oldest_at=by_partner[0].oldest_at if by_partner else None,
        reasons=sorted(reasons.items(), key=lambda one: (-one[1], one[0])),
        partners=by_partner[:_ON_A_PAGE],
        more=max(0, len(by_partner) - _ON_A_PAGE),
        affected=len(by_partner),
        now=context.now(),
    )


def _read_board(session: Session, asked: _BoardQuery) -> _Board:
    everybody = read_board(session, asked.now, asked.day)
    found = [one for one in everybody if one.is_named(asked.words)]
    lines = found[(asked.page - 1) * _ON_A_PAGE : asked.page * _ON_A_PAGE]
    worst = [one.worst for one in lines[:_IN_WORDS] if one.worst is not None]
    healths = healths_of_worst(session, worst, asked.now)
    switched_off = lately_switched_off(session, limit=_SWITCHED_OFF)
    return _Board(lines, healths, len(found), everybody, switched_off)


def _read_dead_letters(
    session: Session,
) -> tuple[Mapping[DeadLetterReason, int], list[DeadLettersOfPartner]]:
    return dead_letters_by_reason(session), dead_letters_by_partner(session)


def _row(t: Words, line: PartnerLine, healths: Mapping[str, Health], ui: str | None) -> _Row:
    standing = line.standing
    return _Row(
        line,
        StateText(t(f"ops-standing-{standing.name.lower()}"), _TONES[standing]),
        events=count_shown(t, line.events_today),
        rate=share_shown(t, line.lately.rate),
        dead_letters=count_shown(t, line.dead_letters, MOST_COUNTED),
        held=count_shown(t, line.held, MOST_COUNTED),
        endpoint=_endpoint(t, line.worst, healths) if line.worst else None,
        temporal=_search(ui, line.id),
    )


def _endpoint(t: Words, worst: WorstEndpoint, healths: Mapping[str, Health]) -> StateText:
    """The sentence decides over the glance, where there is one."""
    health = healths.get(worst.id)
    said = health_said(t, health.state if health else worst.state)
    return StateText(said.word, said.tone, health.reason if health else None)


def _search(ui: str | None, partner_id: str) -> str | None:
    """Where the Temporal UI shows the executions of a partner."""
    asked = quote(f'PartnerId="{partner_id}"', safe="")
    return f"{ui}/workflows?query={asked}" if ui else None


def _totals(t: Words, lines: Sequence[PartnerLine]) -> list[tuple[str, str, str]]:
    """Figures of all partners: name, value and tone."""
    need_help = sum(one.standing is Standing.HELP for one in lines)
    lately = Outcome(
        sum(one.lately.delivered for one in lines), sum(one.lately.not_delivered for one in lines)
    )
    counts = (
        ("partners", len(lines), ""),
        ("help", need_help, BAD),
        ("look", sum(one.standing is Standing.LOOK for one in lines), WAITING),
        ("events", sum(one.events_today for one in lines), ""),
    )
    shown = [(t(f"ops-{name}"), count_shown(t, n), tone if n else "") for name, n, tone in counts]
    return [*shown, (t("ops-rate"), share_shown(t, lately.rate), "")]
