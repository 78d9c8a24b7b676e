"""How activities fail: with a type and a code, and nothing that is somebody's in a history."""

import asyncio
import json

import pytest
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from temporalio.api.failure.v1 import Failure
from temporalio.converter import default as default_converter
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.failures import as_failures, charged
from contracts.delivery.names import FailureType
from contracts.errors import (
    ConfigurationError,
    Conflict,
    EngineUnavailable,
    Invalid,
    NotFound,
    StoreUnavailable,
)
from contracts.payload.events import TrackingEvent

PERSONAL = ("Asha Kulkarni", "+919876543210", "483920", "hooks.shop.example/?token=s3cret")
ABOUT_SOMEBODY = "OTP 483920 for Asha Kulkarni, +919876543210, hooks.shop.example/?token=s3cret"


def raised(error: BaseException) -> ApplicationError:
    """What Temporal gets where this is raised inside an activity."""
    with pytest.raises(ApplicationError) as caught, as_failures():
        raise error
    return caught.value


def a_validation_error() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        TrackingEvent.model_validate({"event_id": ABOUT_SOMEBODY})
    return caught.value


def chained() -> Exception:
    """An error with a story: a cause and a context that say more than the error itself."""
    try:
        try:
            raise KeyError(ABOUT_SOMEBODY)
        except KeyError as error:
            raise RuntimeError(ABOUT_SOMEBODY) from error
    except RuntimeError as error:
        return error


ERRORS = [
    RuntimeError(ABOUT_SOMEBODY),
    KeyError(ABOUT_SOMEBODY),
    ValueError(ABOUT_SOMEBODY, {"phone": "+919876543210"}),
    IntegrityError("INSERT", {"phone": "+919876543210"}, RuntimeError(ABOUT_SOMEBODY)),
    StoreUnavailable(ABOUT_SOMEBODY),
    NotFound(ABOUT_SOMEBODY),
    Conflict(ABOUT_SOMEBODY),
    Invalid(ABOUT_SOMEBODY, field="data"),
    EngineUnavailable(ABOUT_SOMEBODY),
    ConfigurationError(ABOUT_SOMEBODY),
    ExceptionGroup(ABOUT_SOMEBODY, [ValueError(ABOUT_SOMEBODY)]),
    a_validation_error(),
    chained(),
]


class TestTheTypes:
    @pytest.mark.parametrize(
        ("error", "failure_type", "for_good"),
        [
            (StoreUnavailable("locked"), FailureType.STORE_UNAVAILABLE, False),
            (NotFound("no event evt-1"), FailureType.EVENT_UNKNOWN, True),
            (RuntimeError("oops"), FailureType.OUR_FAULT, False),
            (Conflict("no"), FailureType.OUR_FAULT, False),
        ],
    )
    def test_of_what_goes_wrong(self, error: Exception, failure_type: str, for_good: bool) -> None:
        failure = raised(error)
        assert (failure.type, failure.non_retryable) == (failure_type, for_good)
        assert failure.next_retry_delay is None, "the activity's policy tries again soon"

    def test_what_the_log_has_already_gets_no_line_of_the_sdk_for_each_activity(self) -> None:
        away = StoreUnavailable("connection refused")
        assert raised(away).category is ApplicationErrorCategory.UNSPECIFIED
        away.is_logged = True
        assert raised(away).category is ApplicationErrorCategory.BENIGN

    def test_our_fault_names_the_mistake(self) -> None:
        assert str(raised(KeyError("phone"))).endswith("a mistake of ours: KeyError")

    def test_a_typed_failure_passes(self) -> None:
        failure = charged(FailureType.PARTNER_FAILED, "http_503", 30)
        assert raised(failure) is failure

    def test_a_cancellation_is_no_failure(self) -> None:
        with pytest.raises(asyncio.CancelledError), as_failures():
            raise asyncio.CancelledError

    def test_nothing_wrong_is_nothing(self) -> None:
        with as_failures():
            pass


class TestACharge:
    def test_it_has_the_code_and_the_schedule_s_delay_and_is_expected(self) -> None:
        failure = charged(FailureType.PARTNER_FAILED, "http_503", 120)
        assert failure.type == "PartnerFailed"
        assert failure.message == "http_503"
        assert failure.next_retry_delay is not None
        assert failure.next_retry_delay.total_seconds() == 120
        assert failure.category is ApplicationErrorCategory.BENIGN
        assert not failure.non_retryable


class TestWhatAHistoryKeeps:
    @pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
    async def test_nothing_personal(self, error: Exception) -> None:
        """Encoded as Temporal's own converter does it: message, details, cause, stack trace."""
        failure = Failure()
        failing = raised(error)
        converter = default_converter()
        converter.failure_converter.to_failure(failing, converter.payload_converter, failure)
        kept = str(failure) + json.dumps([str(detail) for detail in failing.details])
        assert [value for value in PERSONAL if value in kept] == []
        assert not failure.HasField("cause")
