"""Notifications as texts to a partner's contact phone: of what cannot wait."""

from collections.abc import Mapping

from contracts.notifications.kinds import NotificationKind

_TEXTS: Mapping[NotificationKind, str] = {
    NotificationKind.ENDPOINT_DISABLED: (
        "Doorstep: your webhook endpoint at {host} is switched off because it failed. "
        "Mend it, then enable it again: updates wait for it."
    ),
    NotificationKind.ENDPOINT_DISABLED_SOON: (
        "Doorstep: your webhook endpoint at {host} has failed for four days "
        "and will be switched off tomorrow. Mend it: updates wait for it."
    ),
}


def text_of_notification(
    kind: NotificationKind, host: str, longest: int, *, others: int = 0
) -> str:
    """The text. Of a host longer than `longest` characters the end is named: that is what its owner
    knows it by; `others` are as many that the same is said of. The words are the same for every
    reason, so that one content template of a kind registers them for India."""
    more = f" +{others}" if others else ""
    return _TEXTS[kind].format(host=host[-(longest - len(more)) :] + more)
