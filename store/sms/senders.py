"""What is registered for texts to India (DLT): senders, and their content templates.

A sender that is registered here sends to India only what matches one of its templates; one that is
not is left to Twilio and the operators.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.errors import Conflict, Invalid, NotFound
from contracts.ids import IdKind, new_id
from contracts.payload.events import EventType
from contracts.sms.dlt import faults_of_registered
from contracts.sms.languages import Language
from contracts.sms.sender_bodies import DltTemplatePut
from store.access.audit import record
from store.db.row_locks import TO_CHANGE
from store.tables import DltSenderRow, DltTemplateRow


def put_sender(
    session: Session,
    sender: str,
    entity_id: str,
    header: str,
    now: datetime,
    *,
    actor: str,
    link_prefixes: Sequence[str] | None = None,
) -> DltSenderRow:
    """Write down what a sender is registered as, or is from now on; `link_prefixes` None: links in
    its texts may begin with anything."""
    prefixes = list(link_prefixes) if link_prefixes else None
    wanted: dict[str, Any] = {
        "entity_id": entity_id,
        "header": header,
        "link_prefixes": prefixes,
    }
    row = session.get(DltSenderRow, sender, with_for_update=TO_CHANGE)
    if row is None:
        row = DltSenderRow(sender=sender, created_at=now, **wanted)
        _insert(session, row, f"sender {sender}")
    elif not _change(row, wanted):
        return row
    said = {name: value for name, value in wanted.items() if value is not None}
    _record(session, AuditAction.SENDER_CHANGED, sender, actor, now, said)
    return row


def get_sender(session: Session, sender: str) -> DltSenderRow:
    """One sender. NotFound when it is not registered."""
    row = session.get(DltSenderRow, sender)
    if row is None:
        raise NotFound(f"no sender {sender}")
    return row


def link_prefixes_of(session: Session, sender: str) -> list[str]:
    """What the links in a sender's texts to India have to begin with; empty: nothing is said."""
    row = session.get(DltSenderRow, sender)
    return list(row.link_prefixes or []) if row else []


def list_senders(session: Session, *, after: str | None = None, limit: int) -> list[DltSenderRow]:
    """A page of the senders in the order of their names."""
    query = select(DltSenderRow).order_by(col(DltSenderRow.sender)).limit(limit)
    if after is not None:
        query = query.where(col(DltSenderRow.sender) > after)
    return list(session.exec(query))


def remove_sender(session: Session, sender: str, now: datetime, *, actor: str) -> None:
    """Forget a sender's registration, and its templates. NotFound when it has none."""
    row = _locked(session, sender)
    session.execute(delete(DltTemplateRow).where(col(DltTemplateRow.sender) == sender))
    session.delete(row)
    _record(session, AuditAction.SENDER_REMOVED, sender, actor, now, {})


def put_dlt_template(
    session: Session,
    sender: str,
    content_template_id: str,
    asked: DltTemplatePut,
    now: datetime,
    *,
    actor: str,
) -> DltTemplateRow:
    """Write down a content template as it is registered. NotFound without the sender; Invalid says
    what no operator would have registered."""
    _locked(session, sender)
    if faults := faults_of_registered(asked.text):
        raise Invalid("; ".join(faults), field="text")
    wanted = asked.model_dump()
    row = _template(session, sender, content_template_id)
    if row is None:
        row = DltTemplateRow(
            id=new_id(IdKind.DLT_TEMPLATE),
            sender=sender,
            content_template_id=content_template_id,
            created_at=now,
            **wanted,
        )
        session.add(row)
    elif not _change(row, wanted):
        return row
    said = {"event_type": row.event_type, "language": row.language}
    details = {"content_template_id": content_template_id, **said}
    _record(session, AuditAction.SENDER_CHANGED, sender, actor, now, details)
    return row


def remove_dlt_template(
    session: Session, sender: str, content_template_id: str, now: datetime, *, actor: str
) -> None:
    """Forget a content template. NotFound when the sender has none with this id."""
    _locked(session, sender)
    row = _template(session, sender, content_template_id)
    if row is None:
        raise NotFound(f"sender {sender} has no template {content_template_id}")
    session.delete(row)
    details = {"content_template_id": content_template_id, "removed": True}
    _record(session, AuditAction.SENDER_CHANGED, sender, actor, now, details)


def list_dlt_templates(
    session: Session, sender: str, *, after: str | None = None, limit: int
) -> list[DltTemplateRow]:
    """A page of a sender's templates in the order of their ids. NotFound without the sender."""
    get_sender(session, sender)
    content_id = col(DltTemplateRow.content_template_id)
    query = select(DltTemplateRow).where(col(DltTemplateRow.sender) == sender)
    if after is not None:
        query = query.where(content_id > after)
    return list(session.exec(query.order_by(content_id).limit(limit)))


def registered_texts(
    session: Session, sender: str, event_type: EventType, language: Language
) -> list[DltTemplateRow] | None:
    """What a text of this type and language may read like; None when the sender is not registered,
    so that nothing has to match."""
    if session.get(DltSenderRow, sender) is None:
        return None
    query = select(DltTemplateRow).where(
        col(DltTemplateRow.sender) == sender,
        col(DltTemplateRow.event_type) == event_type,
        col(DltTemplateRow.language) == language,
    )
    return list(session.exec(query.order_by(col(DltTemplateRow.content_template_id))))


def texts_of_sender(session: Session, sender: str) -> list[DltTemplateRow] | None:
    """Every text that a sender has registered; None when it is not registered itself. Operators
    match a text against all of them: the type of event is a matter of ours."""
    if session.get(DltSenderRow, sender) is None:
        return None
    query = select(DltTemplateRow).where(col(DltTemplateRow.sender) == sender)
    return list(session.exec(query))


def _locked(session: Session, sender: str) -> DltSenderRow:
    """A sender, kept for this transaction, so that its templates change one after the other."""
    row = session.get(DltSenderRow, sender, with_for_update=TO_CHANGE)
    if row is None:
        raise NotFound(f"no sender {sender}")
    return row


def _template(session: Session, sender: str, content_template_id: str) -> DltTemplateRow | None:
    query = select(DltTemplateRow).where(
        col(DltTemplateRow.sender) == sender,
        col(DltTemplateRow.content_template_id) == content_template_id,
    )
    return session.exec(query).first()


def _insert(session: Session, row: DltSenderRow, named: str) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict(f"somebody else is adding {named} right now: try again") from None


def _change(row: DltSenderRow | DltTemplateRow, wanted: Mapping[str, Any]) -> bool:
    """Bring a row up to date; whether there was anything to change."""
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _record(
    session: Session,
    action: AuditAction,
    sender: str,
    actor: str,
    now: datetime,
    details: Mapping[str, Any],
) -> None:
    record(session, actor=actor, action=action, object_id=sender, details=details, now=now)
