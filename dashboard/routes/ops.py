"""`/ops`: all partners, the one that needs help first, and the same as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session

from contracts.tiers import Tier
from dashboard.csv_files import csv_file, in_one_piece
from dashboard.figures import count_shown, share_shown
from dashboard.page_context import OpsPage, PageContext
from dashboard.partner_actions import PartnerAction
from dashboard.partner_board import STANDINGS, BoardQuery, Insight, Row, Sort, row_of
from dashboard.state_texts import BAD, WAITING
from dashboard.times import start_of_day
from dashboard.translations import Words
from store.dead_letters.ages import dead_letters_by_channel
from store.endpoints.switched_off import SwitchedOff, lately_switched_off
from store.reports.ops_board import Outcome, PartnerLine, Standing, read_board
from store.reports.worst_endpoints import troubles_of_worst

router = APIRouter(prefix="/ops")

_ON_A_PAGE = 50
_IN_WORDS = 30
"""Of so many partners of a page, the first, the reasons are told with numbers and codes; of the
others in a word, because each costs a look at the endpoint's last attempts."""

_FEW = 200
"""Failed updates of a partner that has no more are told by channel."""

_SWITCHED_OFF = 5

Wanted = Annotated[BoardQuery, Query()]


@dataclass(frozen=True)
class _Board:
    """The lines to show, what is known of them, and how many there are of all."""

    lines: Sequence[PartnerLine]
    insight: Insight
    found: int
    everybody: Sequence[PartnerLine]
    switched_off: Sequence[SwitchedOff]


@router.get("")
async def partners(context: OpsPage, wanted: Wanted) -> Response:
    """Every partner's health at a glance, the worst first; found by name or id, narrowed, sorted;
    with the actions over those that are ticked."""
    now = context.now()
    first = (wanted.page - 1) * _ON_A_PAGE
    board = await context.read(_read_board, wanted, now, start_of_day(now, context.zone), first)
    return context.page(
        "ops",
        rows=_rows(context, board),
        figures=_totals(context.words, board.everybody),
        found=board.found,
        more=board.found > first + _ON_A_PAGE,
        wanted=wanted,
        tiers=list(Tier),
        standings=list(STANDINGS),
        sorts=list(Sort),
        actions=list(PartnerAction),
        switched_off=board.switched_off,
        file=context.same_page(page=None).replace("/ops", "/ops.csv", 1),
    )


@router.get(".csv")
async def partners_as_file(context: OpsPage, wanted: Wanted) -> Response:
    """All that are asked for, each with the reasons why it stands where it does."""
    now, t = context.now(), context.words
    day = start_of_day(now, context.zone)
    board = await context.read(_read_board, wanted, now, day, 0, on_a_page=None)
    header = [t(f"ops-file-{name}") for name in _FILE]
    rows = [_cells(row) for row in _rows(context, board)]
    return csv_file("partners", header, in_one_piece(rows))


_FILE = ("id", "name", "tier", "standing", "why", "events", "rate", "failed", "held")


def _cells(row: Row) -> list[str | int | None]:
    line = row.line
    why = "; ".join(one.said for one in row.reasons)
    rate = None if line.lately.rate is None else f"{line.lately.rate:.4f}"
    figures = (line.events_today, rate, line.dead_letters, line.held)
    return [line.id, line.name, line.tier, row.standing.word, why, *figures]


def _read_board(
    session: Session,
    wanted: BoardQuery,
    now: datetime,
    day: datetime,
    first: int,
    on_a_page: int | None = _ON_A_PAGE,
) -> _Board:
    everybody = read_board(session, now, day)
    found = wanted.pick(everybody)
    lines = found[first : first + on_a_page] if on_a_page else found
    insight = _insight(session, lines[:_IN_WORDS], now)
    switched_off = lately_switched_off(session, limit=_SWITCHED_OFF)
    return _Board(lines, insight, len(found), everybody, switched_off)


def _insight(session: Session, lines: Sequence[PartnerLine], now: datetime) -> Insight:
    worst = [one.worst for one in lines if one.worst is not None]
    few = [one.id for one in lines if 0 < one.dead_letters <= _FEW]
    return Insight(troubles_of_worst(session, worst, now), dead_letters_by_channel(session, few))


def _rows(context: PageContext, board: _Board) -> list[Row]:
    today = context.now().date()

    def since(moment: datetime) -> str:
        local = moment.astimezone(context.now().tzinfo)
        if local.date() == today:
            return f"{local:%H:%M}"
        return str(context.when(moment, seconds=False).striptags())

    ui = context.parts.temporal_ui
    return [row_of(context.words, one, board.insight, since, ui) for one in board.lines]


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
