"""Where an event was kept waiting, read off its workflow's history."""

from collections.abc import Iterable, Iterator

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from contracts.ids import workflow_id

_WORTH_SAYING_S = 1.0


async def waits_of(client: Client, event_id: str, accepted_at: float) -> list[str]:
    """Every wait of an event up to its last try, in words; `accepted_at` in seconds since 1970."""
    history = await client.get_workflow_handle(workflow_id(event_id)).fetch_history()
    return list(waits_in(history.events, accepted_at))


def waits_in(events: Iterable[HistoryEvent], accepted_at: float) -> Iterator[str]:
    """The waits of more than a second, and what timed out, in the order of the history."""
    scheduled_at = accepted_at
    for event in events:
        at = event.event_time.ToNanoseconds() / 1e9
        waited = at - scheduled_at
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
                yield from _said("the start", waited)
            case EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
                yield f"workflow task lost, timed out after {waited:.1f} s"
            case EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                yield from _said("a workflow task", waited)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
                started = event.activity_task_started_event_attributes
                failure = started.last_failure.message
                what = f"try {started.attempt}" + (f" ({failure})" if failure else "")
                yield from _said(what, waited)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                return
        scheduled_at = at


def _said(what: str, waited_s: float) -> Iterator[str]:
    if waited_s > _WORTH_SAYING_S:
        yield f"{what} waited {waited_s:.1f} s"
