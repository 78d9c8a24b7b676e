"""Every table, in one import, so that the metadata is complete wherever it is needed."""

from store.tables.access import ApiKeyRow, AuditEntryRow
from store.tables.budgets import BudgetRow
from store.tables.deliveries import AttemptRow, DeadLetterRow, DeliveryRow
from store.tables.endpoint_health import EndpointSpanRow
from store.tables.endpoints import EndpointRow, EndpointSecretRow
from store.tables.events import EventRow, OrderSequenceRow, OutboxRow, PayloadRow
from store.tables.idempotency import IdempotencyKeyRow
from store.tables.instructions import (
    INSTRUCTION_NUMBERS,
    InstructionAttemptRow,
    InstructionRow,
    InstructionTextRow,
)
from store.tables.notification_checks import NotificationCheckRow
from store.tables.notifications import (
    NotificationChoiceRow,
    NotificationItemRow,
    NotificationMessageRow,
    NotificationRow,
    NotificationWebhookRow,
)
from store.tables.order_search import CustomerTermRow, OrderNumberRow
from store.tables.outcomes import (
    OUTCOME_DAYS,
    OutcomeBaselineRow,
    OutcomeProgressRow,
    WismoCallsRow,
)
from store.tables.partners import PartnerRow
from store.tables.recoveries import RecoveryRow
from store.tables.restores import RestoreRow
from store.tables.retention import DroppedEventsRow, RetentionJobRow
from store.tables.sealed_keys import SealedKeyRow
from store.tables.second_factors import PendingSignInRow, RecoveryCodeRow, SecondFactorRow
from store.tables.sms import SmsDayRow, SmsMessageRow
from store.tables.sms_control import OptOutLinkRow, OptOutRow, PhoneCheckRow, SmsSuspensionRow
from store.tables.sms_texts import DltSenderRow, DltTemplateRow, SmsTemplateRow
from store.tables.stream_outbox import QueueChangeRow
from store.tables.tracking import PartnerLogoRow, TrackingLinkRow
from store.tables.users import (
    IdentityRequestRow,
    LoginThrottleRow,
    PasswordResetRequestRow,
    SessionRow,
    SignInLinkRow,
    UserRow,
)

__all__ = [
    "INSTRUCTION_NUMBERS",
    "OUTCOME_DAYS",
    "ApiKeyRow",
    "AttemptRow",
    "AuditEntryRow",
    "BudgetRow",
    "CustomerTermRow",
    "DeadLetterRow",
    "DeliveryRow",
    "DltSenderRow",
    "DltTemplateRow",
    "DroppedEventsRow",
    "EndpointRow",
    "EndpointSecretRow",
    "EndpointSpanRow",
    "EventRow",
    "IdempotencyKeyRow",
    "IdentityRequestRow",
    "InstructionAttemptRow",
    "InstructionRow",
    "InstructionTextRow",
    "LoginThrottleRow",
    "NotificationCheckRow",
    "NotificationChoiceRow",
    "NotificationItemRow",
    "NotificationMessageRow",
    "NotificationRow",
    "NotificationWebhookRow",
    "OptOutLinkRow",
    "OptOutRow",
    "OrderNumberRow",
    "OrderSequenceRow",
    "OutboxRow",
    "OutcomeBaselineRow",
    "OutcomeProgressRow",
    "PartnerLogoRow",
    "PartnerRow",
    "PasswordResetRequestRow",
    "PayloadRow",
    "PendingSignInRow",
    "PhoneCheckRow",
    "QueueChangeRow",
    "RecoveryCodeRow",
    "RecoveryRow",
    "RestoreRow",
    "RetentionJobRow",
    "SealedKeyRow",
    "SecondFactorRow",
    "SessionRow",
    "SignInLinkRow",
    "SmsDayRow",
    "SmsMessageRow",
    "SmsSuspensionRow",
    "SmsTemplateRow",
    "TrackingLinkRow",
    "UserRow",
    "WismoCallsRow",
]
