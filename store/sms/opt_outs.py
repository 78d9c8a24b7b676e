"""Opt-outs: customers who want no texts of a partner, and the links by which they say so.

A link's token is a keyed digest of partner and phone, so that nobody can make one and the same
customer always has the same link. Phones are here as their keyed index only, and masked for people.
"""

import base64
import hmac
import re
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.callers import CUSTOMER
from contracts.delivery.states import OptOutSource
from contracts.errors import Conflict, Invalid, NotFound
from contracts.ids import IdKind, new_id
from contracts.payload.fields import mask_phone
from contracts.sms.bodies import OptOutCreate
from store.access.audit import record_change
from store.db.row_locks import TO_CHANGE
from store.encryption.sealing import link_digest
from store.encryption.sealing import phone_index as index_of
from store.tables import OptOutLinkRow, OptOutRow, PartnerRow

LINKS_KEPT_FOR = timedelta(days=180)
"""After the last text that had it; a link in an older text is not known any more."""

_NOTED_EVERY = timedelta(days=1)
_TOKEN_BYTES = 9
"""Twelve characters of base64, and none over: 72 bits that nobody guesses."""
_SHAPE = re.compile(r"[A-Za-z0-9_-]{12}")


def is_opted_out(session: Session, partner_id: str, phone_index: str) -> bool:
    """Whether a customer wants no texts of a partner."""
    return _in_force(session, partner_id, phone_index) is not None


def opt_out(
    session: Session,
    partner_id: str,
    *,
    phone_index: str,
    phone_masked: str,
    source: OptOutSource,
    now: datetime,
    actor: str,
) -> OptOutRow:
    """Send a customer no more texts of a partner. Who has opted out already stays as they are."""
    known = _in_force(session, partner_id, phone_index)
    if known is not None:
        return known
    row = OptOutRow(
        id=new_id(IdKind.OPT_OUT),
        partner_id=partner_id,
        phone_index=phone_index,
        phone_masked=phone_masked,
        source=source,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else was first
        return _of_whoever_was_first(session, partner_id, phone_index)
    _record(session, AuditAction.OPT_OUT_ADDED, row, actor, now)
    return row


def add_opt_out(
    session: Session, asked: OptOutCreate, now: datetime, *, actor: str, owner: str | None = None
) -> OptOutRow:
    """Opt out a phone (E.164) that somebody names over the API. Invalid without its partner."""
    partner = session.get(PartnerRow, asked.partner_id)
    if partner is None or owner not in (None, partner.id):
        raise Invalid(f"no partner {asked.partner_id}: create it first", field="partner_id")
    return opt_out(
        session,
        partner.id,
        phone_index=index_of(session, asked.phone),
        phone_masked=mask_phone(asked.phone),
        source=OptOutSource.API,
        now=now,
        actor=actor,
    )


def lift(
    session: Session, opt_out_id: str, now: datetime, *, actor: str, owner: str | None = None
) -> OptOutRow:
    """Let a customer have texts again. One that was lifted before stays as it is; NotFound when
    there is none, or it is another partner's."""
    row = session.get(OptOutRow, opt_out_id, with_for_update=TO_CHANGE)
    if row is None or owner not in (None, row.partner_id):
        raise NotFound(f"no opt-out {opt_out_id}")
    if row.lifted_at is None:
        row.lifted_at = now
        _record(session, AuditAction.OPT_OUT_REMOVED, row, actor, now)
    return row


def list_opt_outs(
    session: Session,
    *,
    partner_id: str | None = None,
    owner: str | None = None,
    after: str | None = None,
    limit: int,
    newest_first: bool = False,
) -> list[OptOutRow]:
    """A page of the opt-outs in force in the order they were made, or the newest first, of one
    partner or of all."""
    made = col(OptOutRow.id)
    query = select(OptOutRow).where(col(OptOutRow.lifted_at).is_(None))
    for wanted in (partner_id, owner):
        if wanted is not None:
            query = query.where(col(OptOutRow.partner_id) == wanted)
    if after is not None:
        query = query.where(made < after if newest_first else made > after)
    return list(session.exec(query.order_by(made.desc() if newest_first else made).limit(limit)))


def link_token(session: Session, partner_id: str, phone: str, now: datetime) -> str:
    """The token of a customer's link to opt out of a partner's texts; kept, so that it is known."""
    index = index_of(session, phone)
    token = _token(session, partner_id, index)
    known = session.get(OptOutLinkRow, token)
    if known is not None and now - known.used_at > _NOTED_EVERY:
        known.used_at = now
    if known is None:
        row = OptOutLinkRow(
            token=token,
            partner_id=partner_id,
            phone_index=index,
            phone_masked=mask_phone(phone),
            used_at=now,
        )
        with suppress(IntegrityError), session.begin_nested():  # or somebody else has just kept it
            session.add(row)
    return token


def drop_old_links(session: Session, now: datetime, *, limit: int) -> int:
    """Forget the next links that no text of the last LINKS_KEPT_FOR has; gives how many. A token is
    derived: the next text to that phone makes the same one again."""
    old = (
        select(OptOutLinkRow.token)
        .where(col(OptOutLinkRow.used_at) < now - LINKS_KEPT_FOR)
        .order_by(col(OptOutLinkRow.used_at))
        .limit(limit)
    )
    tokens = list(session.exec(old))
    session.execute(delete(OptOutLinkRow).where(col(OptOutLinkRow.token).in_(tokens)))
    return len(tokens)


def linked(session: Session, token: str) -> OptOutLinkRow | None:
    """Whose link this is; None when it is unknown, or somebody put it into the table."""
    row = session.get(OptOutLinkRow, token) if _SHAPE.fullmatch(token) else None
    if row is None:
        return None
    right = _token(session, row.partner_id, row.phone_index)
    return row if hmac.compare_digest(right, row.token) else None


def opt_out_by_link(session: Session, token: str, now: datetime) -> OptOutLinkRow | None:
    """Opt out whoever has this link, as often as they like; None as `linked` gives it."""
    link = linked(session, token)
    if link is not None:
        opt_out(
            session,
            link.partner_id,
            phone_index=link.phone_index,
            phone_masked=link.phone_masked,
            source=OptOutSource.LINK,
            now=now,
            actor=CUSTOMER,
        )
    return link


def _in_force(session: Session, partner_id: str, phone_index: str) -> OptOutRow | None:
    query = select(OptOutRow).where(
        col(OptOutRow.partner_id) == partner_id,
        col(OptOutRow.phone_index) == phone_index,
        col(OptOutRow.lifted_at).is_(None),
    )
    return session.exec(query).first()


def _of_whoever_was_first(session: Session, partner_id: str, phone_index: str) -> OptOutRow:
    first = _in_force(session, partner_id, phone_index)
    if first is None:  # and has it lifted again already
        raise Conflict("this customer is being opted out and in at once: try again")
    return first


def _token(session: Session, partner_id: str, phone_index: str) -> str:
    digest = link_digest(session, partner_id, phone_index)
    return base64.urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode()


def _record(
    session: Session, action: AuditAction, row: OptOutRow, actor: str, now: datetime
) -> None:
    record_change(session, action, row, actor, now, {"source": row.source})
