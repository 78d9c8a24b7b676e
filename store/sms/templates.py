"""What texts are made from: a partner's own templates, in versions, else the shipped ones."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from contracts.access.audit import AuditAction
from contracts.errors import Conflict, Invalid, NotFound
from contracts.ids import IdKind, new_id
from contracts.payload.events import EventType
from contracts.refusals import Refusal
from contracts.sms.languages import Language
from contracts.sms.lint import LintFinding, Severity, lint
from contracts.sms.rules import TextRules
from contracts.sms.templates import SHIPPED_VERSION, shipped
from store.access.audit import record
from store.db.row_locks import TO_CHANGE
from store.partners.partners import get_partner
from store.sms.registered import name_finding, registration_findings
from store.tables import PartnerRow, SmsTemplateRow

MOST_VERSIONS_SHOWN = 100


@dataclass(frozen=True)
class TemplateInForce:
    """What a text is made from. `label` says which it is, such as `own/hi/3` or `shipped/en/1`;
    `language` is the template's own, which English is where it stands in for another."""

    event_type: EventType
    language: Language
    text: str
    label: str

    @property
    def own(self) -> bool:
        """Whether it is the partner's."""
        return self.label.startswith("own/")

    @property
    def version(self) -> int:
        """Which version of the partner's own it is, or of those that are shipped."""
        return int(self.label.rpartition("/")[2])


@dataclass(frozen=True)
class _Place:
    """What has versions: a partner's texts of one type in one language."""

    partner_id: str
    event_type: EventType
    language: Language


def template_in_force(
    session: Session, partner_id: str, event_type: EventType, language: Language
) -> TemplateInForce:
    """What a partner's texts are made from: its own template in this language, else the shipped
    one; where there is neither, the same in English."""
    for wanted in (language, Language.ENGLISH):
        found = _in_language(session, _Place(partner_id, event_type, wanted))
        if found is not None:
            return found
    raise LookupError(f"no English text is shipped for {event_type}")


def put_template(
    session: Session,
    partner_id: str,
    event_type: EventType,
    language: Language,
    text: str,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    rules: TextRules,
) -> tuple[SmsTemplateRow, list[LintFinding]]:
    """Give a partner a text of its own; gives its version, and the warnings about it.

    Invalid says all that is wrong with the text, or that there is no such partner. The text that
    is in force as its own already makes no new version.
    """
    partner = _lock(session, partner_id, owner)
    if partner is None:
        raise Invalid(f"no partner {partner_id}: create it first", field="partner_id")
    findings = findings_about(session, partner, event_type, language, text, rules)
    if errors := [one.message for one in findings if one.severity is Severity.ERROR]:
        raise Invalid("; ".join(errors), field="text", cause=Refusal.TEXT_UNUSABLE)
    place = _Place(partner_id, event_type, language)
    newest = _newest(session, place)
    if newest is not None and newest.text == text:
        return newest, findings
    return _add(session, place, newest, text, now, actor), findings


def findings_about(
    session: Session,
    partner: PartnerRow,
    event_type: EventType,
    language: Language,
    text: str,
    rules: TextRules,
) -> list[LintFinding]:
    """Everything there is to say about a template of a partner, the errors first: of how it is
    written, and of what is registered for its sender."""
    findings = lint(text, event_type, most_parts=rules.most_parts, longest=rules.longest_value)
    if any(one.severity is Severity.ERROR for one in findings):
        return findings
    known = registration_findings(session, partner, event_type, language, text, rules)
    found = [*findings, *known, *name_finding(partner, text, rules)]
    return sorted(found, key=lambda one: one.severity is not Severity.ERROR)


def remove_template(
    session: Session,
    partner_id: str,
    event_type: EventType,
    language: Language,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    rules: TextRules,
) -> SmsTemplateRow:
    """Put the shipped text in force again; the versions so far stay. NotFound when the partner has
    no text of its own in force; Conflict where the sender has not registered the shipped one."""
    partner = _lock(session, partner_id, owner)
    if partner is None:
        raise NotFound(f"no partner {partner_id}")
    place = _Place(partner_id, event_type, language)
    newest = _newest(session, place)
    if newest is None or newest.text is None:
        raise NotFound(f"partner {partner_id} has no text of its own for this")
    there, ours = shipped(event_type, language)
    found = registration_findings(session, partner, event_type, there, ours, rules)
    if errors := [one.message for one in found if one.severity is Severity.ERROR]:
        raise Conflict(
            f"the shipped text would be blocked: {'; '.join(errors)}", cause=Refusal.TEXT_UNUSABLE
        )
    return _add(session, place, newest, None, now, actor)


def versions(
    session: Session,
    partner_id: str,
    event_type: EventType,
    language: Language,
    owner: str | None = None,
) -> list[SmsTemplateRow]:
    """The last hundred versions of a partner's own text, the newest first. NotFound without the
    partner."""
    partner = get_partner(session, partner_id, owner=owner)
    query = _newest_first(_Place(partner.id, event_type, language))
    return list(session.exec(query.limit(MOST_VERSIONS_SHOWN)))


def list_templates(
    session: Session, partner_id: str, owner: str | None = None
) -> list[TemplateInForce]:
    """What is in force for each type of event, in each language that has a text of its own, be it
    the partner's or a shipped one. NotFound without the partner."""
    partner = get_partner(session, partner_id, owner=owner)
    found = (
        _in_language(session, _Place(partner.id, event_type, language))
        for event_type in EventType
        for language in Language
    )
    return [one for one in found if one is not None]


def _in_language(session: Session, place: _Place) -> TemplateInForce | None:
    """The partner's own template, else the shipped one; None where this language has neither."""
    event_type, language = place.event_type, place.language
    own = _newest(session, place)
    if own is not None and own.text is not None:
        return TemplateInForce(event_type, language, own.text, f"own/{language}/{own.version}")
    there, text = shipped(event_type, language)
    if there is not language:
        return None
    return TemplateInForce(event_type, language, text, f"shipped/{language}/{SHIPPED_VERSION}")


def _lock(session: Session, partner_id: str, owner: str | None) -> PartnerRow | None:
    """Keep the partner for this transaction, so that two changes get two versions; None where
    there is none, or it is not the owner's."""
    partner = session.get(PartnerRow, partner_id, with_for_update=TO_CHANGE)
    return partner if partner is not None and owner in (None, partner.id) else None


def _newest(session: Session, place: _Place) -> SmsTemplateRow | None:
    return session.exec(_newest_first(place).limit(1)).first()


def _newest_first(place: _Place) -> SelectOfScalar[SmsTemplateRow]:
    return (
        select(SmsTemplateRow)
        .where(
            col(SmsTemplateRow.partner_id) == place.partner_id,
            col(SmsTemplateRow.event_type) == place.event_type,
            col(SmsTemplateRow.language) == place.language,
        )
        .order_by(col(SmsTemplateRow.version).desc())
    )


def _add(
    session: Session,
    place: _Place,
    newest: SmsTemplateRow | None,
    text: str | None,
    now: datetime,
    actor: str,
) -> SmsTemplateRow:
    """One more version, with its entry in the audit log."""
    row = SmsTemplateRow(
        id=new_id(IdKind.SMS_TEMPLATE),
        partner_id=place.partner_id,
        event_type=place.event_type,
        language=place.language,
        version=newest.version + 1 if newest else 1,
        text=text,
        created_at=now,
        created_by=actor,
    )
    session.add(row)
    record(
        session,
        actor=actor,
        action=AuditAction.TEMPLATE_REMOVED if text is None else AuditAction.TEMPLATE_CHANGED,
        object_id=row.id,
        partner_id=row.partner_id,
        details={"event_type": row.event_type, "language": row.language, "version": row.version},
        now=now,
    )
    return row
