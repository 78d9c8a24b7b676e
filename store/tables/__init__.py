"""Every table, in one import, so that the metadata is complete wherever it is needed."""

from store.tables.deliveries import AttemptRow, DeadLetterRow, DeliveryRow
from store.tables.events import EventRow, OrderSequenceRow, PayloadRow
from store.tables.partners import EndpointRow, EndpointSecretRow, PartnerRow
from store.tables.sms import SmsMessageRow

__all__ = [
    "AttemptRow",
    "DeadLetterRow",
    "DeliveryRow",
    "EndpointRow",
    "EndpointSecretRow",
    "EventRow",
    "OrderSequenceRow",
    "PartnerRow",
    "PayloadRow",
    "SmsMessageRow",
]
