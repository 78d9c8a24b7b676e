"""Whether what a message is about to tell is still true: what is over or out of date is left
out."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.delivery.states import EndpointState
from contracts.notifications.kinds import RULES, NotificationKind
from store.notifications.pairs import RECOVERED
from store.tables import DeadLetterRow, EndpointRow, NotificationRow, SmsSuspensionRow

_WITH_A_LINK = (NotificationKind.INVITATION, NotificationKind.PASSWORD_RESET)


SomeWait = Callable[[Session, str, datetime], bool]
"""Whether failed deliveries of a partner wait for its answer: the packages that know it lie above
this one, and whoever is above them gives it."""


def still_true(
    session: Session,
    told: Sequence[NotificationRow],
    now: datetime,
    some_unanswered: SomeWait | None = None,
) -> list[NotificationRow]:
    """Those that are worth telling now, of the notifications of one message, the oldest first.
    Without `some_unanswered` what tells of them is taken as true."""
    true = what_is_true(session, told, now, some_unanswered)
    return [one for one in true if now < useful_until(one)]


def what_is_true(
    session: Session,
    told: Sequence[NotificationRow],
    now: datetime,
    some_unanswered: SomeWait | None = None,
) -> list[NotificationRow]:
    """As `still_true`, of use or not."""
    return [
        one
        for one in told
        if _is_true(session, one, told) and not _is_answered(session, one, now, some_unanswered)
    ]


def useful_until(one: NotificationRow) -> datetime:
    """From then on it is not told any more."""
    return one.created_at + RULES[one.kind].useful_for


def _is_true(session: Session, one: NotificationRow, told: Sequence[NotificationRow]) -> bool:
    if one.kind in _WITH_A_LINK:
        return one.secret is not None
    if one.kind is NotificationKind.SMS_SUSPENDED:
        return _is_suspended(session, one)
    if one.kind is NotificationKind.FAILED_DELIVERIES:
        return _some_wait(session, one)
    endpoint = session.get(EndpointRow, one.endpoint_id) if one.endpoint_id else None
    return endpoint is None or _is_true_of(session, endpoint, one, told)


def _is_true_of(
    session: Session,
    endpoint: EndpointRow,
    one: NotificationRow,
    told: Sequence[NotificationRow],
) -> bool:
    """Of one of an endpoint. A failure that is over is told together with its all-clear, or before
    it, where that is about to come."""
    is_enabled = endpoint.removed_at is None and endpoint.state is EndpointState.ENABLED
    is_open = endpoint.opened_at is not None
    match one.kind:
        case NotificationKind.ENDPOINT_FAILING:
            is_or_was = is_open or _all_clear_follows(session, one, told)
            return is_enabled and is_or_was and not _said_again(one, told)
        case NotificationKind.ENDPOINT_RECOVERED:
            return is_enabled and not is_open
        case NotificationKind.ENDPOINT_DISABLED_SOON:
            return is_enabled and is_open
        case NotificationKind.ENDPOINT_DISABLED:
            return endpoint.removed_at is None and endpoint.state is EndpointState.DISABLED
    return True


def _said_again(one: NotificationRow, told: Sequence[NotificationRow]) -> bool:
    """Whether a later one of the same message says the same of the same endpoint."""
    later = told[told.index(one) + 1 :]
    return any((two.kind, two.endpoint_id) == (one.kind, one.endpoint_id) for two in later)


def _all_clear_follows(
    session: Session, failing: NotificationRow, told: Sequence[NotificationRow]
) -> bool:
    query = select(NotificationRow).where(
        col(NotificationRow.endpoint_id) == failing.endpoint_id,
        col(NotificationRow.kind) == RECOVERED,
        col(NotificationRow.created_at) >= failing.created_at,
    )
    carried = {one.id for one in told}
    return any(one.fanned_out_at is None or one.id in carried for one in session.exec(query))


def _is_answered(
    session: Session, one: NotificationRow, now: datetime, some_unanswered: SomeWait | None
) -> bool:
    if one.kind is not NotificationKind.INSTRUCTIONS_UNANSWERED or one.partner_id is None:
        return False
    return some_unanswered is not None and not some_unanswered(session, one.partner_id, now)


def _is_suspended(session: Session, one: NotificationRow) -> bool:
    query = select(SmsSuspensionRow.id).where(
        col(SmsSuspensionRow.scope) == one.about.get("scope"),
        col(SmsSuspensionRow.lifted_at).is_(None),
    )
    return session.exec(query.limit(1)).first() is not None


def _some_wait(session: Session, one: NotificationRow) -> bool:
    query = select(DeadLetterRow.id).where(
        col(DeadLetterRow.partner_id) == one.partner_id,
        col(DeadLetterRow.resolved_at).is_(None),
        ~col(DeadLetterRow.is_test),
    )
    return session.exec(query.limit(1)).first() is not None
