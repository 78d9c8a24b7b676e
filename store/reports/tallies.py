"""One partner's messages counted by state and reason, for `contracts/delivery/standing.py`.

Every count is of a bounded time, or stops at `MOST_COUNTED`, and is made by an index of the
partner's own rows. Tests are counted by themselves, out of an index of test events, which are few:
so that no message on the path of an event carries whether it is one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.delivery.standing import LATE_AFTER, NEVER_SENT, Tally
from contracts.delivery.states import OPEN_STATES, DeliveryState, EventState, SkipReason
from store.tables import DeliveryRow, EventRow

MOST_COUNTED = 10_000
"""What is open is counted no further: beyond it, it is "more than"."""

_LOOKS_BACK = timedelta(days=7)
"""For events that could not be processed: older ones nobody waits for any more."""

_HELD, _SKIPPED = DeliveryState.HELD, DeliveryState.SKIPPED
_STATE, _MADE = col(DeliveryRow.state), col(DeliveryRow.created_at)
_HOLD, _SKIP = col(DeliveryRow.hold_reason), col(DeliveryRow.skip_reason)
_UNASKED = and_(col(DeliveryRow.fallback), _SKIP.is_not_distinct_from(SkipReason.SMS_OFF_FOR_TYPE))
"""An SMS instead of a webhook, of a type that has none: nobody has asked for it."""

_INDEXED = (DeliveryState.DELIVERED, *NEVER_SENT, *OPEN_STATES)
"""Named one by one, and without a reason: so an index alone counts them."""


def open_tallies(session: Session, owner: str, now: datetime) -> list[Tally]:
    """What is on hold, failed or late now, whenever it was made."""
    is_late = _is_late(now)
    held = _some(session, owner, [_HOLD], _STATE == DeliveryState.HELD)
    failed = _some(session, owner, [_STATE], _STATE == DeliveryState.DEAD_LETTERED)
    late = _some(session, owner, [_STATE], _STATE.in_(OPEN_STATES), is_late)
    found = [
        *(Tally(DeliveryState.HELD, count, reason) for reason, count in held),
        *(Tally(state, count) for state, count in failed),
        *(Tally(state, count, late=True) for state, count in late),
    ]
    tests = _of_tests(
        session,
        owner,
        _STATE.in_((DeliveryState.HELD, DeliveryState.DEAD_LETTERED)),
    ) + _of_tests(session, owner, _STATE.in_(OPEN_STATES), is_late, late=True)
    return without_tests(found, tests)


def tallies_between(session: Session, owner: str, since: datetime, until: datetime) -> list[Tally]:
    """What was made in this time, by how it stands now."""
    return tallies_by_part(session, owner, [since, until])[0]


def tallies_by_part(session: Session, owner: str, bounds: Sequence[datetime]) -> list[list[Tally]]:
    """What was made in each part of a time, by how it stands now. `bounds` are those of the parts,
    the end of the last among them."""
    made = (col(DeliveryRow.partner_id) == owner, bounds[0] <= _MADE, bounds[-1] > _MADE)
    part = case(*((end > _MADE, number) for number, end in enumerate(bounds[1:])))
    parts: list[list[Tally]] = [[] for _ in bounds[1:]]
    for conditions, reason in (
        ((_STATE.in_(_INDEXED),), ()),
        ((_STATE == _HELD,), (_HOLD,)),
        ((_STATE == _SKIPPED, ~_UNASKED), (_SKIP,)),
    ):
        columns = (part, _STATE, *reason)
        query = select_columns(*columns, func.count()).where(*made, *conditions)
        for number, state, *why, count in session.execute(query.group_by(*columns)):
            parts[number].append(Tally(state, count, *why))
    tests = _tests_by_part(session, owner, part, made)
    return [without_tests(one, tests.get(number, [])) for number, one in enumerate(parts)]


def without_tests(found: Sequence[Tally], tests: Sequence[Tally]) -> list[Tally]:
    """What was counted, less the tests in it."""
    fewer: dict[tuple[Any, ...], int] = {}
    for one in tests:
        fewer[one.state, one.reason, one.late] = one.count
    return [
        Tally(
            one.state,
            max(0, one.count - fewer.get((one.state, one.reason, one.late), 0)),
            one.reason,
            late=one.late,
        )
        for one in found
    ]


def unprocessed(session: Session, owner: str, now: datetime) -> int:
    """Events that could not be planned, or should have been by now; tests are none of them."""
    query = select_columns(func.count()).where(
        col(EventRow.partner_id) == owner,
        col(EventRow.state) != EventState.PLANNED,  # as in the index
        col(EventRow.state).in_((EventState.ACCEPTED, EventState.FAILED)),
        col(EventRow.accepted_at) >= now - _LOOKS_BACK,
        (col(EventRow.state) == EventState.FAILED) | (col(EventRow.accepted_at) < now - LATE_AFTER),
        ~col(EventRow.is_test),
    )
    return int(session.execute(query).scalar_one())


def _is_late(now: datetime) -> ColumnElement[bool]:
    since = func.coalesce(col(DeliveryRow.next_attempt_at), col(DeliveryRow.changed_at))
    return since < now - LATE_AFTER


def _some(
    session: Session, owner: str, columns: Sequence[Any], *conditions: ColumnElement[bool]
) -> Sequence[Any]:
    """Rows of a partner's that fulfil these, counted by some columns up to `MOST_COUNTED`."""
    some = (
        select_columns(*columns)
        .where(col(DeliveryRow.partner_id) == owner, *conditions)
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    query: Select[Any] = select_columns(*some.c, func.count()).group_by(*some.c)
    return session.execute(query).all()


def _of_tests(
    session: Session, owner: str, *conditions: ColumnElement[bool], late: bool = False
) -> list[Tally]:
    """The deliveries of a partner's test events that fulfil these."""
    tests = _tests_by_part(session, owner, literal(0), conditions)
    return [Tally(one.state, one.count, one.reason, True, late) for one in tests.get(0, [])]


def _tests_by_part(
    session: Session, owner: str, part: ColumnElement[int], conditions: Sequence[Any]
) -> dict[int, list[Tally]]:
    of_test = and_(
        col(EventRow.event_id) == col(DeliveryRow.event_id),
        col(EventRow.partner_id) == owner,
        col(EventRow.is_test),
    )
    reason = case(
        (_STATE == _HELD, cast(_HOLD, String)), (_STATE == _SKIPPED, cast(_SKIP, String))
    ).label("reason")
    query = (
        select_columns(part.label("part"), _STATE, reason, func.count())
        .join(EventRow, of_test)
        .where(*conditions, ~_UNASKED)
        .group_by("part", _STATE, "reason")
    )
    found: dict[int, list[Tally]] = {}
    for number, state, why, count in session.execute(query):
        found.setdefault(number, []).append(Tally(state, count, why, is_test=True))
    return found
