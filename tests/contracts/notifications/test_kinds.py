"""The rules of notifications: complete, and of one mind within a bundle."""

from collections import defaultdict

import pytest

from contracts.notifications.kinds import OPTIONAL_KINDS, RULES, Audience, NotificationKind
from contracts.notifications.links import link_path

ACCOUNT_KINDS = list(NotificationKind)[list(NotificationKind).index(NotificationKind.INVITATION) :]


def test_every_kind_has_a_rule() -> None:
    assert set(RULES) == set(NotificationKind)


def test_kinds_of_one_bundle_wait_for_the_same() -> None:
    waits = defaultdict(set)
    for rule in RULES.values():
        if rule.bundle is not None:
            waits[rule.bundle].add(rule.can_wait)
    assert {len(one) for one in waits.values()} == {1}


def test_what_waits_for_the_morning_is_never_texted() -> None:
    assert [kind for kind, rule in RULES.items() if rule.can_wait and rule.sms] == []


def test_what_is_about_an_account_goes_at_once_and_cannot_be_switched_off() -> None:
    for kind in ACCOUNT_KINDS:
        rule = RULES[kind]
        assert (rule.bundle, rule.can_wait, rule.optional, rule.webhooks) == (
            None,
            False,
            False,
            False,
        ), kind
    assert set(OPTIONAL_KINDS) == set(NotificationKind) - set(ACCOUNT_KINDS)


def test_what_is_for_one_person_goes_to_nobody_s_phone() -> None:
    assert not [rule for rule in RULES.values() if rule.email_to is Audience.USER and rule.sms]


@pytest.mark.parametrize(
    ("kind", "partner_id", "endpoint_id", "secret", "path"),
    [
        (NotificationKind.ENDPOINT_FAILING, "shop", "ep_1", None, "/p/shop/endpoints/ep_1"),
        (NotificationKind.FAILED_DELIVERIES, "shop", None, None, "/p/shop/dead-letters"),
        (NotificationKind.SMS_SUSPENDED, None, None, None, "/ops/texts"),
        (NotificationKind.SMS_SUSPENDED, "shop", None, None, "/p/shop/texts"),
        (NotificationKind.KEY_CHANGED, None, None, None, "/ops"),
        (NotificationKind.INVITATION, "shop", None, "lnk_1.x", "/invitations/lnk_1.x"),
        (NotificationKind.INVITATION, "shop", None, None, "/"),
        (NotificationKind.PASSWORD_RESET, None, None, "lnk_2.y", "/reset/lnk_2.y"),
        (NotificationKind.PASSWORD_CHANGED, "shop", None, None, "/account"),
    ],
)
def test_the_link_leads_to_the_thing(
    kind: NotificationKind,
    partner_id: str | None,
    endpoint_id: str | None,
    secret: str | None,
    path: str,
) -> None:
    found = link_path(kind, partner_id=partner_id, endpoint_id=endpoint_id, secret=secret)
    assert found == path
