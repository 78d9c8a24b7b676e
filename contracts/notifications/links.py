"""Where the link of a notification leads: below the dashboard's address."""

from contracts.notifications.kinds import NotificationKind

PREFERENCES = "/account/notifications"

_OF_AN_ENDPOINT = (
    NotificationKind.ENDPOINT_FAILING,
    NotificationKind.ENDPOINT_RECOVERED,
    NotificationKind.ENDPOINT_DISABLED_SOON,
    NotificationKind.ENDPOINT_DISABLED,
    NotificationKind.ENDPOINT_URL_CHANGED,
)
_OF_A_PARTNER = {
    NotificationKind.FAILED_DELIVERIES: "/dead-letters",
    NotificationKind.SMS_SUSPENDED: "/texts",
    NotificationKind.INSTRUCTIONS_UNANSWERED: "/failed-deliveries",
    NotificationKind.WEEKLY_OUTCOMES: "/outcomes",
    NotificationKind.KEY_CHANGED: "/keys",
    NotificationKind.CONTACT_PHONE_CHANGED: "/texts/settings",
}
_WITH_A_TOKEN = {
    NotificationKind.INVITATION: "/invitations/",
    NotificationKind.PASSWORD_RESET: "/reset/",
}
_OF_OPS = {NotificationKind.SMS_SUSPENDED: "/ops/texts"}
_ACCOUNT, _OPS, _HOME = "/account", "/ops", "/"


def link_path(
    kind: NotificationKind,
    *,
    partner_id: str | None,
    endpoint_id: str | None,
    secret: str | None,
) -> str:
    """The page that a notification is about. `secret` is the token of a link that opens once."""
    if kind in _WITH_A_TOKEN:
        return f"{_WITH_A_TOKEN[kind]}{secret}" if secret else _HOME
    if kind in _OF_AN_ENDPOINT and partner_id and endpoint_id:
        return f"/p/{partner_id}/endpoints/{endpoint_id}"
    if kind in _OF_A_PARTNER:
        return f"/p/{partner_id}{_OF_A_PARTNER[kind]}" if partner_id else _OF_OPS.get(kind, _OPS)
    return _ACCOUNT
