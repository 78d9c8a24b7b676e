"""All effects: planning, webhooks, dead letters, texts, notifications, recovering."""

from collections.abc import Callable, Sequence
from typing import Any

from activities.concurrency import Asker, ConcurrencyLimit
from activities.dead_letter import DeadLetterActivities
from activities.first_attempts import FirstAttempts, Places
from activities.instruction_texts import InstructionTextActivities
from activities.instructions import InstructionActivities
from activities.mail_sender import Mail
from activities.metrics import Meters
from activities.notifications import NotificationActivities
from activities.payload import PayloadActivities
from activities.recovery import RecoveryActivities
from activities.retention import RetentionActivities
from activities.sms import SmsActivities
from activities.twilio_sender import Texter
from activities.webhook import WebhookActivities
from activities.webhook_sender import WebhookSender
from contracts.clock import Clock
from contracts.delivery.retention import KeptFor
from contracts.instructions.posts import OmsWebhook
from contracts.notifications.webhooks import OpsWebhook
from contracts.sms.rules import TextRules
from contracts.tracing import NO_TRACING, Tracing
from store.db.database import Database


def build(
    database: Database,
    sender: WebhookSender,
    texter: Texter,
    clock: Clock,
    kept_for: KeptFor,
    rules: TextRules,
    asker: Asker,
    meters: Meters,
    ops: OpsWebhook | None,
    oms: OmsWebhook | None,
    tracing: Tracing = NO_TRACING,
    places: Places | None = None,
    mail: Mail | None = None,
) -> Sequence[Callable[..., Any]]:
    """Every activity of the worker, with its clients put in. `places` are given back as soon as the
    first steps of events are over; `mail` is None where no mail server is set."""
    first = FirstAttempts(places)
    payload = PayloadActivities(database, clock, first, rules.public_url)
    concurrency = ConcurrencyLimit(database, asker, clock)
    webhook = WebhookActivities(
        database, sender, clock, concurrency, meters, tracing=tracing, first=first
    )
    dead_letter = DeadLetterActivities(database, clock)
    sms = SmsActivities(database, texter, clock, rules, meters, first)
    retention = RetentionActivities(database, clock, kept_for)
    notifications = NotificationActivities(database, sender, texter, clock, rules, ops, mail)
    instructions = InstructionActivities(database, sender, clock, oms)
    instruction_texts = InstructionTextActivities(database, texter, clock, rules)
    recovery = RecoveryActivities(database, asker, clock)
    made: Sequence[Callable[..., Any]] = (
        payload.build_payload,
        webhook.post_webhook,
        dead_letter.record_dead_letter,
        sms.plan_fallback,
        sms.send_sms,
        *retention.jobs,
        recovery.recover_step,
        notifications.post_notification,
        notifications.text_notification,
        notifications.mail_notification,
        instructions.post_instruction,
        instruction_texts.text_about_instruction,
    )
    meters.watch_own_faults(one.__name__ for one in made)
    return made
