"""What one notification tells: its line, what it means, its facts, and the one thing to do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.notifications.kinds import NotificationKind as Kind
from contracts.notifications.mail import MailItem
from mails import values
from translations import Words

_ENDPOINT = ("event", "answer", "since")
_FACTS: Mapping[Kind, Sequence[str]] = {
    Kind.ENDPOINT_FAILING: _ENDPOINT,
    Kind.ENDPOINT_RECOVERED: _ENDPOINT,
    Kind.ENDPOINT_DISABLED_SOON: (*_ENDPOINT, "off-at"),
    Kind.ENDPOINT_DISABLED: _ENDPOINT,
    Kind.FAILED_DELIVERIES: ("oldest",),
    Kind.SMS_SUSPENDED: ("reason", "at"),
    Kind.INSTRUCTIONS_UNANSWERED: ("oldest",),
    Kind.WEEKLY_OUTCOMES: (),
    Kind.INVITATION: (),
    Kind.PASSWORD_RESET: ("at",),
    Kind.PASSWORD_CHANGED: ("at",),
    Kind.ROLE_CHANGED: ("by", "at"),
    Kind.KEY_CHANGED: ("by", "at"),
    Kind.ENDPOINT_URL_CHANGED: ("by", "at"),
    Kind.CONTACT_PHONE_CHANGED: ("by", "at"),
    Kind.SECOND_FACTOR_CHANGED: ("by", "at"),
}
"""What is shown beside each, in this order; what is not known is left out."""

_NAMES = ("what",)
_ROLES = ("before", "after")


@dataclass(frozen=True)
class ItemView:
    """One notification in words. `facts` are pairs of a label and a value."""

    kind: Kind
    partner_id: str | None
    partner: str | None
    subject: str
    text: str
    facts: Sequence[tuple[str, str]]
    link: str | None
    do: str


def view_of(item: MailItem, t: Words, brand: str) -> ItemView:
    """A notification in words. `brand` is whose dashboard it is."""
    said = _values(item, t, brand)
    return ItemView(
        kind=item.kind,
        partner_id=item.partner_id,
        partner=values.name(item.partner_name) if item.partner_name else None,
        subject=t(f"{item.kind}-subject", **said),
        text=t(f"{item.kind}-text", **said),
        facts=list(_facts(item, t, said)),
        link=item.link,
        do=t(f"{item.kind}-do"),
    )


def _values(item: MailItem, t: Words, brand: str) -> dict[str, Any]:
    """All that the words of any kind name."""
    about, language = item.about, t.language
    said: dict[str, Any] = dict.fromkeys(("host", "what", "change", "before", "after", "week"), "")
    said |= {name: values.one_line(value) for name, value in about.items() if _is_plain(value)}
    said |= {name: values.name(about[name]) for name in _NAMES if about.get(name)}
    if item.kind is Kind.ROLE_CHANGED:
        said |= {name: t(f"role-{about[name]}") for name in _ROLES if name in about}
    if item.kind is Kind.SECOND_FACTOR_CHANGED:
        said["what"] = str(about.get("what", "")).replace("_", "-")
    by = about.get("by")
    return said | {
        "count": _count(about.get("count")),
        "by": values.name(by) if by else t("ops"),
        "place": values.name(item.partner_name or brand),
        "from": values.day(about.get("from"), language),
        "to": values.day(about.get("to"), language),
    }


def _facts(item: MailItem, t: Words, said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    shown = _shown(item, t, said)
    for name in _FACTS[item.kind]:
        if value := shown[name]():
            yield t(f"fact-{name}"), value
    figures = item.about.get("figures")
    for one in figures if isinstance(figures, list) else []:
        if isinstance(one, dict) and t.has(f"figure-{one.get('name')}"):
            yield t(f"figure-{one['name']}"), values.figure(t, one)


def _shown(item: MailItem, t: Words, said: Mapping[str, Any]) -> Mapping[str, Callable[[], str]]:
    about, zone, language = item.about, item.time_zone, t.language

    def at(name: str) -> Callable[[], str]:
        return lambda: values.moment(about.get(name), zone, language)

    return {
        "event": lambda: values.event(t, about),
        "answer": lambda: values.answer(t, about),
        "since": at("since"),
        "off-at": at("disabled_at"),
        "oldest": at("oldest"),
        "reason": lambda: values.one_line(about.get("reason") or ""),
        "by": lambda: str(said["by"]),
        "at": lambda: values.moment(item.created_at, zone, language),
    }


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0
