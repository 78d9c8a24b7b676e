"""Every table, in one import, so that the metadata is complete wherever it is needed."""

from store.tables.access import ApiKeyRow, AuditEntryRow
from store.tables.budgets import BudgetRow
from store.tables.dead_letter_moves import DeadLetterMoveRow
from store.tables.deliveries import AttemptRow, DeadLetterRow, DeliveryRow
from store.tables.events import EventRow, OrderSequenceRow, PayloadRow
from store.tables.health import EndpointSpanRow
from store.tables.notices import NoticeRow
from store.tables.partners import EndpointRow, EndpointSecretRow, PartnerRow
from store.tables.people import SessionRow, SignInGuardRow, SignInLinkRow, UserRow
from store.tables.recoveries import RecoveryRow
from store.tables.sealed_keys import SealedKeyRow
from store.tables.sms import SmsDayRow, SmsMessageRow
from store.tables.sms_control import OptOutLinkRow, OptOutRow, PhoneCheckRow, SmsStopRow
from store.tables.sms_texts import DltSenderRow, DltTemplateRow, SmsTemplateRow

__all__ = [
    "ApiKeyRow",
    "AttemptRow",
    "AuditEntryRow",
    "BudgetRow",
    "DeadLetterMoveRow",
    "DeadLetterRow",
    "DeliveryRow",
    "DltSenderRow",
    "DltTemplateRow",
    "EndpointRow",
    "EndpointSecretRow",
    "EndpointSpanRow",
    "EventRow",
    "NoticeRow",
    "OptOutLinkRow",
    "OptOutRow",
    "OrderSequenceRow",
    "PartnerRow",
    "PayloadRow",
    "PhoneCheckRow",
    "RecoveryRow",
    "SealedKeyRow",
    "SessionRow",
    "SignInGuardRow",
    "SignInLinkRow",
    "SmsDayRow",
    "SmsMessageRow",
    "SmsStopRow",
    "SmsTemplateRow",
    "UserRow",
]
