"""Time limits and retry policies of every activity, in one place, each with its reason."""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError

OUR_FAULTS = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=30),
)
"""Killed workers, deploys, time-outs and mistakes of ours: tried again soon and without end.

What is charged to a partner never follows this policy: the activity raises it with the delay of
the retry schedule. No attempt limit, because Temporal cannot tell whose fault an attempt was.
"""

ONCE = RetryPolicy(maximum_attempts=1)
"""Of a local activity: a scheduled one does what follows. Each retry of a local one may grow the
history, and holds the workflow task."""

RETENTION = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3)
"""Of a job of the retention: the next round, a minute later, does what is left, and the other jobs
wait for it."""

PLAN_LOCALLY_FOR = timedelta(seconds=10)
"""A database that is slower than that is asked by a scheduled activity."""

STORE_CALL = timedelta(seconds=30)
"""One transaction, with room for a database that is slow today."""

ONE_ATTEMPT = timedelta(seconds=60)
"""One POST (20 s), its rows before and after, and a queue for the store."""

ONE_TEXT = timedelta(minutes=10)
"""One text (10 s) and the queue before it: few calls of Twilio are made at once. A dead worker is
found by its heartbeat."""

ONE_MAIL = timedelta(minutes=10)
"""One e-mail, put together up to three times, and the queue before it: few connections to the mail
server are open at once. A dead worker is found by its heartbeat."""

AFTER_AN_OWN_FAULT = timedelta(seconds=1)
"""From a first attempt that a fault of ours stopped to the scheduled activity."""

HEARTBEAT = timedelta(seconds=10)
"""A worker that says nothing for so long is taken for dead; attempts that last longer report."""

RETENTION_JOB = timedelta(minutes=5)
"""One job of a round, which is bounded: minutes at the most."""

RETENTION_HEARTBEAT = timedelta(minutes=2)
"""It reports after each batch."""

RECOVERY_STEP = timedelta(minutes=2)
"""One transaction, and up to 200 calls of Temporal, a few at once. A dead worker is found by its
heartbeat."""


def failure_of(error: FailureError) -> ApplicationError | None:
    """What an activity raised: of a local one that is the error itself, of a scheduled one its
    cause. None where it ended otherwise, by a time limit, say."""
    found = error if isinstance(error, ApplicationError) else error.cause
    return found if isinstance(found, ApplicationError) else None
