"""The words of the audit log: what was done, to what kind of thing."""

from enum import StrEnum


class AuditAction(StrEnum):
    """`<kind of thing>.<what was done to it>`; recorded with the change, in its transaction."""

    PARTNER_CREATED = "partner.created"
    PARTNER_CHANGED = "partner.changed"
    KEY_CREATED = "key.created"
    KEY_REVOKED = "key.revoked"
    ENDPOINT_CREATED = "endpoint.created"
    ENDPOINT_CHANGED = "endpoint.changed"
    ENDPOINT_REMOVED = "endpoint.removed"
    ENDPOINT_TESTED = "endpoint.tested"
    ENDPOINT_DISABLED = "endpoint.disabled"
    RECOVERY_STARTED = "recovery.started"
    RECOVERY_CANCELLED = "recovery.cancelled"
    SECRET_ROTATED = "endpoint.secret_rotated"
    SECRET_REVOKED = "endpoint.secret_revoked"
    EVENT_REOPENED = "event.reopened"
    DELIVERY_RETRY_REQUESTED = "delivery.retry_asked"
    DELIVERY_DISCARDED = "delivery.discarded"
    DELIVERY_REDIRECTED = "delivery.redirected"
    SMS_SUSPENDED = "sms.suspended"
    SMS_RESUMED = "sms.resumed"
    TEMPLATE_CHANGED = "template.changed"
    TEMPLATE_REMOVED = "template.removed"
    OPT_OUT_ADDED = "opt_out.added"
    OPT_OUT_REMOVED = "opt_out.removed"
    SENDER_CHANGED = "sender.changed"
    SENDER_REMOVED = "sender.removed"
    PARTNER_TEXTED = "partner.texted"
    PARTNER_PHONE_CHECKED = "partner.phone_checked"
    """A code was texted to a phone that somebody says is the shop owner's."""
    TRACKING_LINK_GIVEN = "tracking_link.given"
    TRACKING_LINK_REVOKED = "tracking_link.revoked"
    LOGO_CHANGED = "partner.logo_changed"
    CUSTOMER_ERASED = "customer.erased"
    USER_INVITED = "user.invited"
    USER_JOINED = "user.joined"
    INVITATION_REFUSED = "user.invitation_refused"
    """The address is somebody's elsewhere; which one it was is not written down."""
    USER_REMOVED = "user.removed"
    PORTAL_LINK_MADE = "portal_link.made"
    PORTAL_LINK_OPENED = "portal_link.opened"
    PORTAL_SESSION_ENDED = "portal_session.ended"

    @property
    def object_kind(self) -> str:
        """The kind of thing that was changed, such as `endpoint`."""
        return self.value.partition(".")[0]
