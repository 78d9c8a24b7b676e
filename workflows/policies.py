"""Time limits and retry policies of every activity, in one place, each with its reason."""

from datetime import timedelta

from temporalio.common import RetryPolicy

OUR_FAULTS = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=30),
)
"""Killed workers, deploys, time-outs and mistakes of ours: tried again soon and without end.

What is charged to a partner never follows this policy: the activity raises it with the delay of
the retry schedule. No attempt limit, because Temporal cannot tell whose fault an attempt was.
"""

PLAN_LOCALLY_FOR = timedelta(seconds=10)
"""A local activity is cheap, but each of its retries may grow the history: not for longer."""

STORE_CALL = timedelta(seconds=30)
"""One transaction, with room for a database that is slow today."""

ONE_ATTEMPT = timedelta(seconds=60)
"""One POST (20 s), its rows before and after, and a queue for the store."""

ONE_TEXT = timedelta(minutes=10)
"""One text (10 s) and the queue before it: few calls of Twilio are made at once. A dead worker is
found by its heartbeat."""

HEARTBEAT = timedelta(seconds=10)
"""A worker that says nothing for so long is taken for dead; attempts that last longer report."""

RETENTION = timedelta(minutes=30)
"""One round of retention, with room for the first one after a retention was shortened."""

RETENTION_HEARTBEAT = timedelta(minutes=2)
"""It reports after each batch."""

RECOVERY_STEP = timedelta(minutes=2)
"""One transaction, and up to 200 calls of Temporal, a few at once. A dead worker is found by its
heartbeat."""
