"""What may be done about a dead letter: each cause has its own advice, and a retry only where it
can help."""

import pytest

from contracts.delivery.advice import (
    ANOTHER_NUMBER_HELPS,
    RETRY_IS_NO_USE,
    Advice,
    advice_on,
)
from contracts.delivery.states import DeadLetterReason
from contracts.delivery.verdicts import NoAnswer
from contracts.sms.answers import MEANINGS, SmsFate

EXHAUSTED, REJECTED = DeadLetterReason.EXHAUSTED, DeadLetterReason.REJECTED


@pytest.mark.parametrize(
    ("reason", "code", "advice"),
    [
        (EXHAUSTED, "http_401", Advice.NOT_ALLOWED),
        (EXHAUSTED, "http_403", Advice.NOT_ALLOWED),
        (EXHAUSTED, "http_404", Advice.NOT_FOUND),
        (DeadLetterReason.GONE, "http_410", Advice.GONE),
        (EXHAUSTED, "http_429", Advice.TOO_MANY),
        (EXHAUSTED, "http_422", Advice.NOT_ACCEPTED),
        (EXHAUSTED, "http_301", Advice.MOVED),
        (EXHAUSTED, "http_500", Advice.SERVER_ERROR),
        (EXHAUSTED, "http_503", Advice.DOWN),
        (EXHAUSTED, "http_999", Advice.NOT_ACCEPTED),
        (EXHAUSTED, "timeout", Advice.TIMEOUT),
        (EXHAUSTED, "tls", Advice.TLS),
        (EXHAUSTED, "dns", Advice.DNS),
        (EXHAUSTED, "connection", Advice.CONNECTION),
        (EXHAUSTED, None, Advice.EXHAUSTED),
        (REJECTED, "dlt_text_differs", Advice.DLT_DIFFERS),
        (REJECTED, "dlt_not_registered", Advice.DLT_MISSING),
        (REJECTED, "twilio_30007", Advice.SPAM),
        (REJECTED, "twilio_30005", Advice.NOBODY_HAS_IT),
        (REJECTED, "twilio_21635", Advice.NOT_A_MOBILE),
        (REJECTED, "twilio_21610", Advice.OPTED_OUT),
        (EXHAUSTED, "twilio_30003", Advice.UNREACHABLE),
        (EXHAUSTED, "twilio_20003", Advice.SMS_SET_UP),
        (REJECTED, "twilio_12345", Advice.SMS_REFUSED),
        (DeadLetterReason.UNKNOWN, "timeout", Advice.MAY_HAVE_ARRIVED),
        (DeadLetterReason.CANCELLED_BY_OPS, "http_503", Advice.STOPPED),
        (DeadLetterReason.OUR_FAULT, None, Advice.OUR_FAULT),
    ],
)
def test_each_cause_has_its_own_advice(
    reason: DeadLetterReason, code: str | None, advice: Advice
) -> None:
    assert advice_on(reason, code) is advice


@pytest.mark.parametrize("code", list(NoAnswer))
def test_every_way_to_get_no_answer_says_more_than_that_it_failed(code: NoAnswer) -> None:
    assert advice_on(EXHAUSTED, code) is not Advice.EXHAUSTED


def test_the_same_number_is_never_tried_again_where_it_is_the_number_that_is_wrong() -> None:
    wrong = [
        code
        for code, (fate, _) in MEANINGS.items()
        if fate in (SmsFate.BAD_NUMBER, SmsFate.OPTED_OUT)
    ]
    assert {advice_on(REJECTED, f"twilio_{code}") for code in wrong} <= RETRY_IS_NO_USE


def test_another_number_is_offered_where_the_number_is_wrong() -> None:
    wrong = [code for code, (fate, _) in MEANINGS.items() if fate is SmsFate.BAD_NUMBER]
    assert {advice_on(REJECTED, f"twilio_{code}") for code in wrong} <= ANOTHER_NUMBER_HELPS


def test_what_only_our_support_team_can_mend_is_told_so() -> None:
    ours = [code for code, (fate, _) in MEANINGS.items() if fate is SmsFate.MISCONFIGURED]
    assert {advice_on(EXHAUSTED, f"twilio_{code}") for code in ours} == {Advice.SMS_SET_UP}
