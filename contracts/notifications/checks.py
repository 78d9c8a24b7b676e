"""Which notifications no event triggers, so that the worker has to check for them."""

from contracts.notifications.kinds import NotificationKind

CHECKED_KINDS = (
    NotificationKind.ENDPOINT_DISABLED_SOON,
    NotificationKind.FAILED_DELIVERIES,
    NotificationKind.INSTRUCTIONS_UNANSWERED,
    NotificationKind.WEEKLY_OUTCOMES,
)
"""Notifications of these kinds are written by a check that looks again and again; all others with
the change itself."""
