"""Temporal: whether it answers, what has to be there, who works for it, and the retention."""

from datetime import datetime, timedelta

from temporalio.client import Client, ScheduleDescription
from temporalio.service import RPCError, RPCStatusCode

from commands.doctor.checks import Check, Finding
from commands.temporal_server import find_server, is_embedded
from contracts.clock import Clock
from contracts.delivery import names
from contracts.errors import DoorstepError
from dispatch.connection import connect, missing_search_attributes
from dispatch.workers import SEEN_WITHIN, workers_at_work
from settings import Settings, temporal_options
from workflows import search_attributes

_ROUNDS_MISSED = 5
_AT_LEAST = timedelta(minutes=15)
"""The retention has failed for long when it has not succeeded for so many rounds, and so long."""

_ANSWER_LIMIT = timedelta(seconds=5)
_RETENTION = "retention"
_LAST_SUCCESS = f"WorkflowType = '{names.RETENTION}' AND ExecutionStatus = 'Completed'"


async def check_temporal(settings: Settings, clock: Clock) -> list[Check]:
    """Temporal itself, and what has to be there; what cannot be asked is not listed."""
    target = temporal_options(settings)["target_host"]
    try:
        client = await connect(temporal_options(settings))
    except DoorstepError:
        return [Check("Temporal", Finding.MISSING, f"no answer at {target}", _advice(settings))]
    return [
        Check("Temporal", Finding.OK, f"answers at {target}, namespace {client.namespace}"),
        await _search_attributes(client),
        await _worker(client, clock),
        await _retention(client, timedelta(seconds=settings.retention_every), clock()),
    ]


def _advice(settings: Settings) -> str:
    if not is_embedded(settings):
        return "start that server, or correct TEMPORAL_ADDRESS"
    try:
        find_server()
    except DoorstepError as error:
        return str(error)
    return "run `doorstep up`, or set TEMPORAL_ADDRESS to a server of your own"


async def _search_attributes(client: Client) -> Check:
    name, needed = "search attributes", [key.name for key in search_attributes.ALL]
    try:
        missing = await missing_search_attributes(client)
    except RPCError as error:
        advice = f"see that namespace {client.namespace} exists and may be asked"
        return Check(name, Finding.MISSING, f"Temporal does not tell ({error.message})", advice)
    if not missing:
        return Check(name, Finding.OK, ", ".join(needed))
    seen = f"missing: {', '.join(sorted(missing))}"
    return Check(name, Finding.MISSING, seen, "run `doorstep migrate`")


async def _worker(client: Client, clock: Clock) -> Check:
    name, queue = "worker", names.TASK_QUEUE
    try:
        identities = await workers_at_work(client, queue, clock)
    except RPCError as error:
        seen = f"Temporal does not say who polls task queue {queue} ({error.message})"
        return Check(name, Finding.WRONG, seen, "see what Temporal's log says")
    if identities:
        return Check(name, Finding.OK, f"{len(identities)} on task queue {queue}")
    seen = (
        f"none has shown itself on task queue {queue} in the last "
        f"{SEEN_WITHIN.total_seconds():g} s: not running, or frozen"
    )
    advice = "run `doorstep worker` or `doorstep up`; a process that is there and hangs, restart"
    return Check(name, Finding.MISSING, seen, advice)


async def _retention(client: Client, every: timedelta, now: datetime) -> Check:
    try:
        handle = client.get_schedule_handle(names.RETENTION_SCHEDULE)
        schedule = await handle.describe(rpc_timeout=_ANSWER_LIMIT)
        succeeded_at = await _last_success(client)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            seen = "no schedule erases old data yet"
            return Check(_RETENTION, Finding.NOTE, seen, "a worker makes it when it starts")
        return Check(_RETENTION, Finding.NOTE, f"Temporal does not tell ({error.message})")
    if schedule.schedule.state.paused:
        advice = f"unpause the schedule {names.RETENTION_SCHEDULE} in the Temporal UI"
        return Check(_RETENTION, Finding.NOTE, "paused: old data is not erased", advice)
    return _since(schedule, succeeded_at, every, now)


def _since(
    schedule: ScheduleDescription, succeeded_at: datetime | None, every: timedelta, now: datetime
) -> Check:
    quiet_since = succeeded_at or schedule.info.created_at
    if now - quiet_since <= max(_AT_LEAST, _ROUNDS_MISSED * every):
        ended = f"succeeded at {succeeded_at:%Y-%m-%d %H:%M}Z" if succeeded_at else "is due"
        return Check(_RETENTION, Finding.OK, f"the erasing of old data {ended}")
    seen = f"has not succeeded since {quiet_since:%Y-%m-%d %H:%M}Z: old data is not erased"
    advice = "see that a worker runs; its log, and the workflow in the Temporal UI, say what failed"
    return Check(_RETENTION, Finding.WRONG, seen, advice)


async def _last_success(client: Client) -> datetime | None:
    """When the last round ended that did its work, of those that Temporal remembers."""
    rounds = client.list_workflows(_LAST_SUCCESS, limit=1, rpc_timeout=_ANSWER_LIMIT)
    ended = [one.close_time async for one in rounds if one.close_time is not None]
    return max(ended, default=None)
