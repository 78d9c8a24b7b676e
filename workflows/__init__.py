"""Durable, deterministic orchestration. One class a file; all effects are activities."""

from workflows.tracking_event import DeliverTrackingEvent

WORKFLOWS = (DeliverTrackingEvent,)
"""Every workflow that the worker runs."""

__all__ = ["WORKFLOWS", "DeliverTrackingEvent"]
