"""The waits that a history tells of."""

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from benchmarks.neighbours.waits import waits_in

STARTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
TASK_SCHEDULED = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED
TASK_STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
TASK_TIMED_OUT = EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT
SCHEDULED = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
DONE = EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED


def at(seconds: int, kind: "EventType.ValueType") -> HistoryEvent:
    return HistoryEvent(event_type=kind, event_time=Timestamp(seconds=seconds))


def tried(seconds: int, attempt: int, failure: str = "") -> HistoryEvent:
    event = at(seconds, EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED)
    event.activity_task_started_event_attributes.attempt = attempt
    if failure:
        event.activity_task_started_event_attributes.last_failure.message = failure
    return event


def waits(*events: HistoryEvent) -> list[str]:
    return list(waits_in(events, accepted_at=10.0))


def test_a_quick_way_has_none() -> None:
    quick = at(10, STARTED), at(10, TASK_SCHEDULED), at(11, TASK_STARTED)
    assert waits(*quick, at(11, SCHEDULED), tried(11, 1), at(11, DONE)) == []


def test_a_lease_of_a_dead_dispatcher_is_a_late_start() -> None:
    assert waits(at(25, STARTED)) == ["the start waited 15.0 s"]


def test_a_task_that_died_with_its_worker() -> None:
    first = at(10, STARTED), at(10, TASK_SCHEDULED), at(10, TASK_STARTED), at(20, TASK_TIMED_OUT)
    assert waits(*first, at(20, TASK_SCHEDULED), at(23, TASK_STARTED)) == [
        "workflow task lost, timed out after 10.0 s",
        "a workflow task waited 3.0 s",
    ]


def test_a_try_that_died_with_its_worker() -> None:
    lost = tried(22, 2, "activity Heartbeat timeout")
    assert waits(at(10, STARTED), at(10, SCHEDULED), lost) == [
        "try 2 (activity Heartbeat timeout) waited 12.0 s"
    ]


def test_what_comes_after_the_try_is_no_wait() -> None:
    done = tried(10, 1), at(10, DONE)
    assert waits(at(10, STARTED), *done, at(10, TASK_SCHEDULED), at(30, TASK_STARTED)) == []
