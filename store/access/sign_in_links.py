"""Links that work once: invitations, links to reset a password, and links from the merchant portal.

A link's token is its row's id and a signature over it, keyed like every digest of this database:
who reads the table cannot make one, and each works once, until its time is up.
"""

import base64
import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col

from contracts.access.audit import AuditAction
from contracts.access.callers import DOORSTEP
from contracts.access.users import (
    INVITATION_VALID_FOR,
    PORTAL_LINK_VALID_FOR,
    RESET_VALID_FOR,
    LinkKind,
    PortalLinkRequest,
    Role,
)
from contracts.errors import Invalid, NotFound
from contracts.ids import IdKind, new_id
from store.access.audit import record
from store.db.row_locks import TO_CHANGE
from store.encryption.sealing import link_digest
from store.tables import NotificationRow, PartnerRow, SignInLinkRow, UserRow

_USE = "sign-in"


def invitation(session: Session, user: UserRow, now: datetime, *, actor: str) -> str:
    """The token of a new link for somebody to choose a password; earlier ones end."""
    end_links(session, user.id)
    return _link_of(session, LinkKind.INVITATION, user, now, INVITATION_VALID_FOR, actor)


def reset_link(session: Session, user: UserRow, now: datetime) -> str:
    """The token of a link that is mailed to somebody who has lost their password. Earlier ones
    stay, or whoever asks again and again in their name would keep them from using one."""
    return _link_of(session, LinkKind.PASSWORD_RESET, user, now, RESET_VALID_FOR, DOORSTEP)


def end_links(session: Session, user_id: str) -> None:
    """End the links of somebody that were not used. E-mails with one that wait are not sent."""
    session.execute(
        update(NotificationRow)
        .where(col(NotificationRow.user_id) == user_id, col(NotificationRow.secret).is_not(None))
        .values(secret=None)
    )
    session.execute(
        delete(SignInLinkRow).where(
            col(SignInLinkRow.user_id) == user_id, col(SignInLinkRow.used_at).is_(None)
        )
    )


def portal_link(
    session: Session,
    partner_id: str,
    asked: PortalLinkRequest,
    now: datetime,
    *,
    actor: str,
    valid_for: timedelta = PORTAL_LINK_VALID_FOR,
) -> tuple[str, datetime]:
    """The token of a link into a partner's dashboard, and until when it works. NotFound without
    such a partner, Invalid for a role that is not of a partner."""
    if asked.role not in (Role.OWNER, Role.MEMBER):
        raise Invalid("a portal link is for an owner or a member", field="role")
    if session.get(PartnerRow, partner_id) is None:
        raise NotFound(f"no partner {partner_id}")
    row = SignInLinkRow(
        id=new_id(IdKind.SIGN_IN_LINK),
        kind=LinkKind.PORTAL,
        partner_id=partner_id,
        role=asked.role,
        name=asked.name,
        created_at=now,
        created_by=actor,
        expires_at=now + valid_for,
        language=asked.language,
    )
    record(
        session,
        actor=actor,
        action=AuditAction.PORTAL_LINK_MADE,
        object_id=row.id,
        partner_id=partner_id,
        details={"role": asked.role, "name": asked.name},
        now=now,
    )
    return _kept(session, row), row.expires_at


class LinkEnded(NotFound):
    """The link does not sign anybody in: `used` says that it did so before."""

    def __init__(self, kind: LinkKind, *, used: bool) -> None:
        super().__init__("this link is used, too old or not whole: ask for a new one")
        self.kind, self.used = kind, used


def open_link(session: Session, token: str, kind: LinkKind, now: datetime) -> SignInLinkRow:
    """The link behind a token, not used yet. LinkEnded for every other: wrong, used or too old."""
    link_id, _, signature = token.partition(".")
    row = session.get(SignInLinkRow, link_id) if link_id else None
    right = row is not None and hmac.compare_digest(
        signature.encode(), _signature(session, row.id).encode()
    )
    if row is None or not right or row.kind is not kind:
        raise LinkEnded(kind, used=False)
    if row.used_at or row.expires_at <= now:
        raise LinkEnded(kind, used=row.used_at is not None)
    return row


def use_link(session: Session, token: str, kind: LinkKind, now: datetime) -> SignInLinkRow:
    """The same, and it is used from now on: of two who use it at once one is told LinkEnded, and so
    is who uses it while it is ended."""
    link_id = open_link(session, token, kind, now).id
    row = session.get(SignInLinkRow, link_id, with_for_update=TO_CHANGE, populate_existing=True)
    if row is None:
        raise LinkEnded(kind, used=False)
    open_link(session, token, kind, now)
    row.used_at = now
    return row


def drop_old_links(session: Session, now: datetime) -> None:
    """Forget the links whose time is up."""
    session.execute(delete(SignInLinkRow).where(col(SignInLinkRow.expires_at) <= now))


def _link_of(
    session: Session,
    kind: LinkKind,
    user: UserRow,
    now: datetime,
    valid_for: timedelta,
    actor: str,
) -> str:
    """The token of a link for somebody who is known here."""
    row = SignInLinkRow(
        id=new_id(IdKind.SIGN_IN_LINK),
        kind=kind,
        user_id=user.id,
        partner_id=user.partner_id,
        role=user.role,
        name=user.name,
        created_at=now,
        created_by=actor,
        expires_at=now + valid_for,
        language=user.language,
    )
    return _kept(session, row)


def _kept(session: Session, row: SignInLinkRow) -> str:
    session.add(row)
    session.flush()
    return f"{row.id}.{_signature(session, row.id)}"


def _signature(session: Session, link_id: str) -> str:
    digest = link_digest(session, _USE, link_id)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
