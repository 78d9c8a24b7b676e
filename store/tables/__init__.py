"""Every table, in one import, so that the metadata is complete wherever it is needed."""

from store.tables.access import ApiKeyRow, AuditEntryRow
from store.tables.deliveries import AttemptRow, DeadLetterRow, DeliveryRow
from store.tables.events import EventRow, OrderSequenceRow, PayloadRow
from store.tables.partners import EndpointRow, EndpointSecretRow, PartnerRow
from store.tables.sealed_keys import SealedKeyRow
from store.tables.sms import SmsMessageRow

__all__ = [
    "ApiKeyRow",
    "AttemptRow",
    "AuditEntryRow",
    "DeadLetterRow",
    "DeliveryRow",
    "EndpointRow",
    "EndpointSecretRow",
    "EventRow",
    "OrderSequenceRow",
    "PartnerRow",
    "PayloadRow",
    "SealedKeyRow",
    "SmsMessageRow",
]
