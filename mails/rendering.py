"""Puts an e-mail together: one notification with all that it says, or a bundle of several, of each
kind the first ten by name and the others counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contracts.brand import Shades
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.links import link_path
from contracts.notifications.mail import MailContent, Rendered
from mails import values
from mails.items import ItemView, view_of
from mails.translations import words_in
from translations import Words

MOST_NAMED = 10
"""Of each kind; the others are counted and linked."""

_LIGHT = Shades("#0b6e5f", "#ffffff", "#e2f2ee")
_DARK = Shades("#57c9b3", "#08211c", "#17332d")
_PRESSING = (
    NotificationKind.ENDPOINT_DISABLED,
    NotificationKind.ENDPOINT_DISABLED_SOON,
    NotificationKind.ENDPOINT_FAILING,
)
_ORDER = (*_PRESSING, *(one for one in NotificationKind if one not in _PRESSING))
_OF_ENDPOINTS = frozenset(one for one in NotificationKind if one.startswith("endpoint_"))


@dataclass(frozen=True)
class Group:
    """The `count` notifications of one kind in a bundle, the first of them by name. `more` says how
    many are not; all are at `link`."""

    title: str
    count: int
    named: Sequence[ItemView]
    more: str | None
    link: str


class MailPages:
    """The templates, read once."""

    def __init__(self) -> None:
        folder = FileSystemLoader(Path(__file__).parent / "templates")
        shared: dict[str, Any] = {
            "loader": folder,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "keep_trailing_newline": True,
        }
        self._html = Environment(autoescape=True, **shared).get_template("mail.html")
        self._text = Environment(autoescape=False, **shared).get_template(  # noqa: S701 - plain text
            "mail.txt"
        )

    def render(self, content: MailContent) -> Rendered:
        """The e-mail in the recipient's language."""
        t = words_in(content.language)
        told = [view_of(one, t, content.brand.name) for one in content.items]
        groups = [] if len(told) == 1 else list(_groups(told, t, content.base_url))
        subject = _subject(told, groups, t)
        page = {
            "t": t,
            "language": t.language,
            "subject": subject,
            "greeting": t("greeting", name=values.name(content.recipient_name)),
            "told": told[0] if len(told) == 1 else None,
            "groups": groups,
            "brand": content.brand,
            "light": content.brand.light or _LIGHT,
            "dark": content.brand.dark or _DARK,
            "preferences_url": content.preferences_url,
        }
        return Rendered(subject, self._text.render(page), self._html.render(page))


def _subject(told: Sequence[ItemView], groups: Sequence[Group], t: Words) -> str:
    """What happened, and at whom, where that is one or can be counted."""
    said = groups[0].title if groups else told[0].subject
    if len(groups) > 1:
        said = t("and-others", said=said, count=len(told) - groups[0].count)
    partners = {one.partner_id for one in told}
    if len(partners) > 1:
        return t("at-partners", said=said, count=len(partners - {None}))
    partner = told[0].partner
    return t("of-partner", partner=partner, said=said) if partner else said


def _groups(told: Sequence[ItemView], t: Words, base_url: str) -> Iterator[Group]:
    """By kind, the most pressing first."""
    for kind in _ORDER:
        of_kind = [one for one in told if one.kind is kind]
        if not of_kind:
            continue
        left = len(of_kind) - MOST_NAMED
        alone = len(of_kind) == 1
        yield Group(
            title=of_kind[0].subject if alone else t(f"{kind}-many", count=len(of_kind)),
            count=len(of_kind),
            named=of_kind[:MOST_NAMED],
            more=t("and-more", count=left) if left > 0 else None,
            link=base_url + _path_of_all(kind, of_kind),
        )


def _path_of_all(kind: NotificationKind, told: Sequence[ItemView]) -> str:
    """Where all of them are: with their partner, or with ops where there are several."""
    partners = {one.partner_id for one in told}
    partner_id = partners.pop() if len(partners) == 1 else None
    if kind in _OF_ENDPOINTS:
        return f"/p/{partner_id}/endpoints" if partner_id else "/ops"
    return link_path(kind, partner_id=partner_id, endpoint_id=None, secret=None)
