"""Durable, deterministic orchestration. One class a file; all effects are activities."""

from workflows.notice import TellOfEndpoint
from workflows.recovery import RecoverEndpoint
from workflows.tracking_event import DeliverTrackingEvent
from workflows.upkeep import Upkeep

WORKFLOWS = (DeliverTrackingEvent, RecoverEndpoint, TellOfEndpoint, Upkeep)
"""Every workflow that the worker runs."""

__all__ = ["WORKFLOWS", "DeliverTrackingEvent", "RecoverEndpoint", "TellOfEndpoint", "Upkeep"]
