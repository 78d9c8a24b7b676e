"""Every encrypted column, in one list: what is not in it is stored in clear."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SealedColumn:
    """One encrypted column and the key columns that name its rows. `binary`: bytes, else text."""

    table: str
    column: str
    row_key: tuple[str, ...]
    binary: bool = False

    def place(self, *row: str) -> bytes:
        """Where one value belongs: what it is bound to when it is sealed."""
        return f"{self.table}.{self.column}/{'/'.join(row)}".encode()


EVENT_BODY = SealedColumn("events", "body", ("event_id",))
PAYLOAD_BODY = SealedColumn("payloads", "body", ("event_id", "schema_version"), binary=True)
RESPONSE_EXCERPT = SealedColumn("attempts", "response_excerpt", ("id",))
ENDPOINT_SECRET = SealedColumn("endpoint_secrets", "secret", ("id",))
ENDPOINT_HEADERS = SealedColumn("endpoints", "custom_headers", ("id",))
SMS_PHONE = SealedColumn("sms_messages", "to_phone", ("id",))
SMS_BODY = SealedColumn("sms_messages", "body", ("id",))
DELIVERY_PHONE = SealedColumn("deliveries", "corrected_phone", ("id",))
PARTNER_PHONE = SealedColumn("partners", "contact_phone", ("id",))
INSTRUCTION_CONTENT = SealedColumn("instructions", "content", ("id",))
CHECKED_PHONE = SealedColumn("phone_checks", "phone", ("partner_id",))
USER_EMAIL = SealedColumn("users", "email", ("id",))
NOTIFICATION_SECRET = SealedColumn("notifications", "secret", ("id",))
NOTIFICATION_WEBHOOK_SECRET = SealedColumn("notification_webhooks", "secret", ("partner_id",))
SECOND_FACTOR_SECRET = SealedColumn("second_factors", "secret", ("user_id",))
IDEMPOTENT_ANSWER = SealedColumn("idempotency_keys", "answer", ("key",))
INDEX_KEY = SealedColumn("sealed_keys", "sealed", ("name",))

ALL = (
    EVENT_BODY,
    PAYLOAD_BODY,
    RESPONSE_EXCERPT,
    ENDPOINT_SECRET,
    ENDPOINT_HEADERS,
    SMS_PHONE,
    SMS_BODY,
    DELIVERY_PHONE,
    PARTNER_PHONE,
    INSTRUCTION_CONTENT,
    CHECKED_PHONE,
    USER_EMAIL,
    NOTIFICATION_SECRET,
    NOTIFICATION_WEBHOOK_SECRET,
    SECOND_FACTOR_SECRET,
    IDEMPOTENT_ANSWER,
    INDEX_KEY,
)
"""The index key comes last: while it is under the old key, so may something else be."""
