"""Mistakes of ours: counted for what they stop, so that none repeats for ever unseen."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from sqlmodel import Session
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from activities.failures import log_mistake
from activities.metrics import OWN_FAULTS, Meters
from contracts.delivery.names import FailureType
from contracts.errors import NotFound, StoreUnavailable
from store.db.database import Database

T = TypeVar("T")

MOST_FAULTS = 10
"""So often mistakes of ours may stop one thing."""

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 600.0
"""The waits double: ten faults take nine minutes, in which a bad version can be rolled back."""

_NO_MISTAKES = (ApplicationError, StoreUnavailable, NotFound)


async def or_after_a_mistake(
    work: Coroutine[Any, Any, T], otherwise: Callable[[Exception], Coroutine[Any, Any, T]]
) -> T:
    """The result of `work`; after a mistake of ours, which is logged, what `otherwise` says.

    What is no mistake passes: answers, a database that is away, a deploy.
    """
    try:
        return await work
    except _NO_MISTAKES:
        raise
    except Exception as error:
        log_mistake(error)
        return await otherwise(error)


async def bounded(
    work: Coroutine[Any, Any, T],
    database: Database,
    count: Callable[[Session], int],
    give_up: Callable[[], Coroutine[Any, Any, T]],
) -> T:
    """The result of `work`. A mistake of ours is counted by `count` in the database, which gives
    how many there were; after the last one `give_up` says what follows. Before that it raises
    `OurFault`, with a wait that doubles."""

    async def counted(error: Exception) -> T:
        faults = await database.write(count)
        if faults >= MOST_FAULTS:
            return await give_up()
        raise _our_fault(error, faults)

    return await or_after_a_mistake(work, counted)


def _our_fault(error: Exception, faults: int) -> ApplicationError:
    """By its type's name only: its message may quote personal data."""
    wait_s = min(_FIRST_WAIT_S * 2 ** (faults - 1), _LONGEST_WAIT_S)
    return ApplicationError(
        f"a mistake of ours: {type(error).__name__}",
        type=FailureType.OUR_FAULT,
        next_retry_delay=timedelta(seconds=wait_s),
    )


class CountsOwnFaults(Interceptor):
    """Counts, for every activity, what stopped it that was no fault of a partner's or Twilio's:
    also where it is right to go on for ever, as when the database is away."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters

    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002 - Temporal's name for it
    ) -> ActivityInboundInterceptor:
        """As Temporal calls it, once for each activity."""
        return _Counting(next, self._meters)


class _Counting(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, meters: Meters) -> None:
        super().__init__(inner)
        self._meters = meters

    async def execute_activity(
        self,
        input: ExecuteActivityInput,  # noqa: A002 - Temporal's name for it
    ) -> Any:
        try:
            return await super().execute_activity(input)
        except ApplicationError as error:
            if error.type in OWN_FAULTS:
                self._meters.own_fault(activity.info().activity_type, error.type)
            raise
