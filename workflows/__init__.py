"""Durable, deterministic orchestration. One class a file; all effects are activities."""

from workflows.tracking_event import DeliverTrackingEvent
from workflows.upkeep import Upkeep

WORKFLOWS = (DeliverTrackingEvent, Upkeep)
"""Every workflow that the worker runs."""

__all__ = ["WORKFLOWS", "DeliverTrackingEvent", "Upkeep"]
