"""All effects: planning, webhooks, dead letters, texts, notices, recovering."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from activities.dead_letter import DeadLetterActivities
from activities.meters import Meters
from activities.notices import NoticeActivities
from activities.payload import PayloadActivities
from activities.recovery import RecoveryActivities
from activities.slots import Asker, Slots
from activities.sms import SmsActivities
from activities.twilio_sender import Texter
from activities.upkeep import UpkeepActivities
from activities.webhook import WebhookActivities
from activities.webhook_sender import WebhookSender
from contracts.clock import Clock
from contracts.notices import OpsWebhook
from contracts.sms.rules import TextRules
from contracts.tracing import NO_TRACING, Tracing
from store.database import Database


def build(
    database: Database,
    sender: WebhookSender,
    texter: Texter,
    clock: Clock,
    retention: timedelta,
    rules: TextRules,
    asker: Asker,
    meters: Meters,
    ops: OpsWebhook | None,
    tracing: Tracing = NO_TRACING,
) -> Sequence[Callable[..., Any]]:
    """Every activity of the worker, with its clients put in."""
    payload = PayloadActivities(database, clock)
    slots = Slots(database, asker, clock)
    webhook = WebhookActivities(database, sender, clock, slots, meters, tracing=tracing)
    dead_letter = DeadLetterActivities(database, clock)
    sms = SmsActivities(database, texter, clock, rules, meters)
    upkeep = UpkeepActivities(database, clock, retention)
    notices = NoticeActivities(database, sender, texter, clock, rules, ops)
    recovery = RecoveryActivities(database, asker, clock)
    made: Sequence[Callable[..., Any]] = (
        payload.build_payload,
        webhook.post_webhook,
        dead_letter.record_dead_letter,
        sms.plan_fallback,
        sms.send_sms,
        upkeep.keep_up,
        recovery.recover_step,
        notices.post_notice,
        notices.text_notice,
    )
    meters.watch_own_faults(one.__name__ for one in made)
    return made
