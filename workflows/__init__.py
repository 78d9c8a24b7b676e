"""Durable, deterministic orchestration. One class a file; all effects are activities."""

from workflows.instruction_text import SendInstructionText
from workflows.instructions import DeliverInstructions
from workflows.notification import SendNotification
from workflows.recovery import RecoverEndpoint
from workflows.retention import Retention
from workflows.tracking_event import DeliverTrackingEvent

WORKFLOWS = (
    DeliverTrackingEvent,
    DeliverInstructions,
    RecoverEndpoint,
    SendInstructionText,
    SendNotification,
    Retention,
)
"""Every workflow that the worker runs."""

__all__ = [
    "WORKFLOWS",
    "DeliverInstructions",
    "DeliverTrackingEvent",
    "RecoverEndpoint",
    "Retention",
    "SendInstructionText",
    "SendNotification",
]
