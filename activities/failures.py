"""How activities fail: typed, with a code, and never with personal data in the message."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from contracts.delivery.names import FailureType
from contracts.errors import NotFound, StoreUnavailable

log = logging.getLogger(__name__)


@contextmanager
def as_failures() -> Iterator[None]:
    """Turn whatever goes wrong inside into an ApplicationError whose text is safe in a history.

    Our own faults carry no delay of their own: the activity's retry policy tries again soon. A
    mistake of ours is logged with its place but without its message, which may quote personal data.
    That the database is away is in the log once: the SDK is to add no line for each activity.
    """
    try:
        yield
    except ApplicationError:
        raise
    except StoreUnavailable as error:
        category = ApplicationErrorCategory
        raise ApplicationError(
            "the database did not answer",
            type=FailureType.STORE_UNAVAILABLE,
            category=category.BENIGN if error.is_logged else category.UNSPECIFIED,
        ) from None
    except NotFound:
        raise ApplicationError(
            "the database does not know this event or delivery",
            type=FailureType.EVENT_UNKNOWN,
            non_retryable=True,
        ) from None
    except Exception as error:
        log_mistake(error)
        raise ApplicationError(
            f"a mistake of ours: {type(error).__name__}", type=FailureType.OUR_FAULT
        ) from None


def log_mistake(error: Exception) -> None:
    """Log a mistake of ours with its place, but without its message, which may quote somebody."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error(
        "a mistake of ours, %s, at:\n%s", type(error).__name__, where, extra=_where_it_happened()
    )


def _where_it_happened() -> dict[str, str | None]:
    """The activity and the workflow, whose id has the event's in it."""
    if not activity.in_activity():
        return {}
    info = activity.info()
    return {"activity": info.activity_type, "workflow_id": info.workflow_id}


def charged(failure_type: str, code: str, delay_s: float) -> ApplicationError:
    """A failure whose next attempt comes after `delay_s` seconds: charged, or our own network's."""
    return ApplicationError(
        code,
        type=failure_type,
        next_retry_delay=timedelta(seconds=delay_s),
        category=ApplicationErrorCategory.BENIGN,
    )
