"""Who gets the e-mail of a notification: people of the partner and of ops, by their own choice."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import Session, col, select

from contracts.access.users import Role
from contracts.notifications.kinds import RULES, Audience, NotificationKind
from contracts.time_zones import DEFAULT_TIME_ZONE, zone_or_default
from store.notifications.pairs import RECOVERED, told_of_failing
from store.tables import NotificationChoiceRow, NotificationRow, PartnerRow, UserRow


def recipients_of(session: Session, notification: NotificationRow) -> Sequence[UserRow]:
    """The people who are told by e-mail, in the order in which they were invited. Whoever has
    switched the kind off is left out, and of an all-clear who was not told of the failure."""
    rule = RULES[notification.kind]
    if rule.email_to is Audience.USER:
        return _the_user(session, notification.user_id)
    people = _people(session, notification, rule.email_to)
    if notification.kind is not RECOVERED:
        return people
    told = told_of_failing(session, notification).users
    return [one for one in people if one.id in told]


def time_zone_of(session: Session, partner_id: str | None) -> str:
    """Where somebody of a partner is taken to be; of ops, where the company is."""
    partner = session.get(PartnerRow, partner_id) if partner_id else None
    return zone_or_default(partner.time_zone).key if partner else DEFAULT_TIME_ZONE


def _the_user(session: Session, user_id: str | None) -> Sequence[UserRow]:
    user = session.get(UserRow, user_id) if user_id else None
    return [user] if user is not None and user.removed_at is None else []


def _people(
    session: Session, notification: NotificationRow, audience: Audience
) -> Sequence[UserRow]:
    """Those who have joined; of what belongs to no partner, ops are the owners."""
    is_ops = col(UserRow.role) == Role.OPS
    owners = and_(
        col(UserRow.role) == Role.OWNER, col(UserRow.partner_id) == notification.partner_id
    )
    is_meant = is_ops if notification.partner_id is None else owners
    if audience is Audience.OWNERS_AND_OPS:
        is_meant = or_(is_meant, is_ops)
    query = select(UserRow).where(
        is_meant,
        col(UserRow.joined_at).is_not(None),
        col(UserRow.removed_at).is_(None),
        ~_has_switched_off(notification.kind),
    )
    return session.exec(query.order_by(col(UserRow.id))).all()


def _has_switched_off(kind: NotificationKind) -> ColumnElement[bool]:
    return exists().where(
        col(NotificationChoiceRow.user_id) == col(UserRow.id),
        col(NotificationChoiceRow.kind) == kind,
    )
