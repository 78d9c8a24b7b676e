"""Durable, deterministic orchestration. One class a file; all effects are activities."""

from workflows.recovery import RecoverEndpoint
from workflows.tracking_event import DeliverTrackingEvent
from workflows.upkeep import Upkeep

WORKFLOWS = (DeliverTrackingEvent, RecoverEndpoint, Upkeep)
"""Every workflow that the worker runs."""

__all__ = ["WORKFLOWS", "DeliverTrackingEvent", "RecoverEndpoint", "Upkeep"]
