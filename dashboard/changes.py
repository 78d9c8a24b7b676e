"""Entries of the audit log as people read them: a sentence, and what it was from and to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.access.audit import AuditAction
from dashboard.actors import actor_said
from dashboard.translations import Words
from store.access.actors import Actor
from store.tables import AuditEntryRow

_HIDDEN = "***"
_SWITCHES = ("webhook_enabled", "sms_enabled", "sms_fallback", "tracking_enabled")
_WORDS: Mapping[str, str] = {
    "type": "type",
    "event_type": "type",
    "sms_event_types": "type",
    "sms_fallback_types": "type",
    "states": "state",
    "role": "role",
    "language": "language",
    "sms_language": "language",
    "tier": "tier",
    "source": "opt-out-by",
    "state": "endpoint-state",
    "instruction_state": "instruction",
    "action": "action",
    "fields": "field",
    "scope": "scope",
}
"""Whose words a field's values are: the beginnings of their messages."""
_NOT_SHOWN = ("event_id", "phone_index", "given_by")
"""The event is linked to; by its keyed index a phone is found, and nothing is read; the sentence
names who gave an instruction."""
_MOMENTS = ("next_attempt_at",)
_SHOWN_OBJECTS = ("endpoint", "delivery", "tracking_link")


@dataclass(frozen=True)
class Detail:
    """One field of a change. Without `before` it only says what it was about."""

    name: str
    value: str
    before: str | None = None
    moment: datetime | None = None
    """What the value is, where it is a time: pages show it in their own zone."""


@dataclass(frozen=True)
class Change:
    """One entry: the sentence, its details, and the event that it is about, where there is one."""

    row: AuditEntryRow
    sentence: str
    details: list[Detail]
    event_id: str | None


def change_said(
    t: Words, row: AuditEntryRow, actors: Mapping[str, Actor], *, to_ops: bool
) -> Change:
    """An entry in words. `actors` are those of its actor and of its object."""
    who = actor_said(t, actors[row.actor], row.actor, to_ops=to_ops)
    what = actors[row.object_id].name
    sentence = t(sentence_id(row.action), who=who, what=what or t("actor-somebody"))
    event_id = row.details.get("event_id")
    return Change(row, sentence, _details(t, row), str(event_id) if event_id else None)


def sentence_id(action: AuditAction) -> str:
    """The message that says that something was done."""
    return f"audit-{action.value.replace('.', '-')}"


def _details(t: Words, row: AuditEntryRow) -> list[Detail]:
    shown = []
    if row.object_kind in _SHOWN_OBJECTS:
        shown.append(Detail(_field(t, row.object_kind), row.object_id))
    for name, value in row.details.items():
        if name in _NOT_SHOWN:
            continue
        if row.action is AuditAction.PARTNER_CHANGED:
            shown.append(_changed(t, name, *value))
        elif name in _MOMENTS:
            shown += _moment(t, name, value)
        else:
            named = _named(row, name)
            shown.append(Detail(_field(t, named), _value(t, named, value)))
    return shown


def _named(row: AuditEntryRow, name: str) -> str:
    """The field that a detail is: endpoints and instructions have a state each."""
    is_of_instruction = name == "state" and row.object_kind == "instruction"
    return "instruction_state" if is_of_instruction else name


def _moment(t: Words, name: str, value: str | None) -> list[Detail]:
    """A time that was named; nothing where none was."""
    if value is None:
        return []
    return [Detail(_field(t, name), value, moment=datetime.fromisoformat(value))]


def _changed(t: Words, name: str, before: Any, after: Any) -> Detail:
    if _HIDDEN in (before, after):
        return Detail(_field(t, name), t("value-hidden"))
    return Detail(_field(t, name), _value(t, name, after), _value(t, name, before))


def _field(t: Words, name: str) -> str:
    message = f"field-{name}"
    return t(message) if t.has(message) else name.replace("_", " ")


def _value(t: Words, field: str, value: Any) -> str:
    if value is None:
        return t("value-none")
    if isinstance(value, bool):
        kind = "switch" if field in _SWITCHES else "flag"
        return t(f"value-{kind}-{'yes' if value else 'no'}")
    if isinstance(value, list):
        return ", ".join(_value(t, field, one) for one in value) or t("value-none")
    message = f"{_WORDS[field]}-{value}" if field in _WORDS else ""
    return t(message) if _is_message(t, message) else str(value)


def _is_message(t: Words, name: str) -> bool:
    return name.replace("-", "").replace("_", "").isalnum() and t.has(name)
