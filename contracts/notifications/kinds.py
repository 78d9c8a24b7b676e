"""Each kind of notification: whom it is for, how it travels, and how long it is of use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

BUNDLE_AFTER = timedelta(seconds=30)
"""So long the first notification of a bundle waits for others, and for its own all-clear."""

RECOVERED_FOR = timedelta(minutes=10)
"""So long an endpoint has to take webhooks before its all-clear is told: until then it may only be
flapping."""


def hold_of_all_clear(wait: timedelta) -> timedelta:
    """How long an all-clear is held back where bundles wait for so long: `RECOVERED_FOR` beside
    `BUNDLE_AFTER`, and not at all where nothing waits."""
    return wait * (RECOVERED_FOR / BUNDLE_AFTER)


class NotificationKind(StrEnum):
    """What somebody is told of."""

    ENDPOINT_FAILING = "endpoint_failing"
    ENDPOINT_RECOVERED = "endpoint_recovered"
    ENDPOINT_DISABLED_SOON = "endpoint_disabled_soon"
    ENDPOINT_DISABLED = "endpoint_disabled"
    FAILED_DELIVERIES = "failed_deliveries"
    SMS_SUSPENDED = "sms_suspended"
    INSTRUCTIONS_UNANSWERED = "instructions_unanswered"
    WEEKLY_OUTCOMES = "weekly_outcomes"

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"
    ROLE_CHANGED = "role_changed"
    KEY_CHANGED = "key_changed"
    ENDPOINT_URL_CHANGED = "endpoint_url_changed"
    CONTACT_PHONE_CHANGED = "contact_phone_changed"
    SECOND_FACTOR_CHANGED = "second_factor_changed"


class Audience(StrEnum):
    """Who gets the e-mail. `OWNERS` are the partner's; of what belongs to no partner, ops. `USER`
    is the one person whom it concerns."""

    OWNERS_AND_OPS = "owners_and_ops"
    OWNERS = "owners"
    USER = "user"


@dataclass(frozen=True)
class NotificationRule:
    """How one kind is told.

    `sms`: also to the partner's contact phone. `webhooks`: also to the operational webhooks of ops
    and of the partner. `can_wait`: not in the quiet hours. `bundle`: it waits `BUNDLE_AFTER` and
    goes into one e-mail with whatever of the same bundle waits for the same person. `optional`: a
    person may switch it off. After `useful_for` it is not sent any more.
    """

    email_to: Audience
    useful_for: timedelta
    bundle: str | None = None
    sms: bool = False
    webhooks: bool = False
    can_wait: bool = False
    optional: bool = False


_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_ENDPOINTS, _WORK = "endpoints", "work"
_ACCOUNT = NotificationRule(Audience.USER, 3 * _DAY)
_OF_THE_PARTNER = NotificationRule(Audience.OWNERS, 3 * _DAY)


def _of_endpoints(useful_for: timedelta, *, sms: bool = False) -> NotificationRule:
    return NotificationRule(
        Audience.OWNERS_AND_OPS, useful_for, _ENDPOINTS, sms=sms, webhooks=True, optional=True
    )


def _of_work(email_to: Audience, useful_for: timedelta, *, webhooks: bool) -> NotificationRule:
    return NotificationRule(
        email_to, useful_for, _WORK, webhooks=webhooks, can_wait=True, optional=True
    )


RULES: Mapping[NotificationKind, NotificationRule] = {
    NotificationKind.ENDPOINT_FAILING: _of_endpoints(_DAY),
    NotificationKind.ENDPOINT_RECOVERED: _of_endpoints(_DAY),
    NotificationKind.ENDPOINT_DISABLED_SOON: _of_endpoints(_DAY, sms=True),
    NotificationKind.ENDPOINT_DISABLED: _of_endpoints(3 * _DAY, sms=True),
    NotificationKind.FAILED_DELIVERIES: _of_work(Audience.OWNERS_AND_OPS, _DAY, webhooks=True),
    NotificationKind.SMS_SUSPENDED: NotificationRule(
        Audience.OWNERS_AND_OPS, _DAY, "sms", webhooks=True, optional=True
    ),
    NotificationKind.INSTRUCTIONS_UNANSWERED: _of_work(Audience.OWNERS, _DAY, webhooks=True),
    NotificationKind.WEEKLY_OUTCOMES: _of_work(Audience.OWNERS, 3 * _DAY, webhooks=False),
    NotificationKind.INVITATION: NotificationRule(Audience.USER, 7 * _DAY),
    NotificationKind.PASSWORD_RESET: NotificationRule(Audience.USER, _HOUR / 2),
    NotificationKind.PASSWORD_CHANGED: _ACCOUNT,
    NotificationKind.ROLE_CHANGED: _ACCOUNT,
    NotificationKind.SECOND_FACTOR_CHANGED: _ACCOUNT,
    NotificationKind.KEY_CHANGED: _OF_THE_PARTNER,
    NotificationKind.ENDPOINT_URL_CHANGED: _OF_THE_PARTNER,
    NotificationKind.CONTACT_PHONE_CHANGED: _OF_THE_PARTNER,
}
"""Every kind has its rule. Kinds of one bundle agree on `can_wait`."""

OPTIONAL_KINDS = tuple(kind for kind, rule in RULES.items() if rule.optional)
"""What a person may switch off, in the order in which pages name it."""
