"""What Twilio's answers mean: every row of the table, and the order of the statuses."""

import pytest

from contracts.sms.answers import (
    MEANINGS,
    SmsAnswer,
    SmsFate,
    SuspensionScope,
    judge,
    judge_failure,
)

NOT_NOW, UNKNOWN, FAILED = SmsFate.NOT_NOW, SmsFate.UNKNOWN, SmsFate.FAILED
BAD_NUMBER, BAD_TEXT, OPTED_OUT = SmsFate.BAD_NUMBER, SmsFate.BAD_TEXT, SmsFate.OPTED_OUT
MISCONFIGURED, EXPIRED = SmsFate.MISCONFIGURED, SmsFate.EXPIRED
ACCOUNT, SENDER, ROUTE = SuspensionScope.ACCOUNT, SuspensionScope.SENDER, SuspensionScope.ROUTE

CODES: dict[int, tuple[SmsFate, SuspensionScope | None]] = {
    # permanent for the number
    21211: (BAD_NUMBER, None),
    21614: (BAD_NUMBER, None),
    30004: (BAD_NUMBER, None),
    30005: (BAD_NUMBER, None),
    30006: (BAD_NUMBER, None),
    # the same, told apart by Twilio since July 2024
    21265: (BAD_NUMBER, None),
    21266: (BAD_NUMBER, None),
    21635: (BAD_NUMBER, None),
    # permanent, and the customer opted out
    21610: (OPTED_OUT, None),
    # permanent for the text
    30007: (BAD_TEXT, None),
    21617: (BAD_TEXT, None),
    # too late
    30036: (EXPIRED, None),
    # temporary
    20429: (NOT_NOW, None),
    21611: (NOT_NOW, None),
    30001: (NOT_NOW, None),
    30003: (NOT_NOW, None),
    30008: (NOT_NOW, None),
    30017: (NOT_NOW, None),
    30022: (NOT_NOW, None),
    30500: (NOT_NOW, None),
    # our account
    20003: (MISCONFIGURED, ACCOUNT),
    30002: (MISCONFIGURED, ACCOUNT),
    20404: (MISCONFIGURED, ACCOUNT),
    30404: (MISCONFIGURED, ACCOUNT),
    21609: (MISCONFIGURED, ACCOUNT),
    30037: (MISCONFIGURED, ACCOUNT),
    # a sender
    21603: (MISCONFIGURED, SENDER),
    21606: (MISCONFIGURED, SENDER),
    30024: (MISCONFIGURED, SENDER),
    21212: (MISCONFIGURED, SENDER),
    21659: (MISCONFIGURED, SENDER),
    21660: (MISCONFIGURED, SENDER),
    21661: (MISCONFIGURED, SENDER),
    21701: (MISCONFIGURED, SENDER),
    21702: (MISCONFIGURED, SENDER),
    21704: (MISCONFIGURED, SENDER),
    21705: (MISCONFIGURED, SENDER),
    21709: (MISCONFIGURED, SENDER),
    30042: (MISCONFIGURED, SENDER),
    # a sender to a country
    21408: (MISCONFIGURED, ROUTE),
    21608: (MISCONFIGURED, ROUTE),
    21612: (MISCONFIGURED, ROUTE),
    21657: (MISCONFIGURED, ROUTE),
    21703: (MISCONFIGURED, ROUTE),
    30032: (MISCONFIGURED, ROUTE),
    30033: (MISCONFIGURED, ROUTE),
    30034: (MISCONFIGURED, ROUTE),
    30035: (MISCONFIGURED, ROUTE),
    30040: (MISCONFIGURED, ROUTE),
    30041: (MISCONFIGURED, ROUTE),
}


class TestTheTable:
    def test_every_row_is_held_here(self) -> None:
        assert dict(MEANINGS) == CODES

    @pytest.mark.parametrize("code", CODES)
    def test_a_code_in_an_answer_to_create(self, code: int) -> None:
        fate, scope = CODES[code]
        assert judge(400, code) == SmsAnswer(fate, f"twilio_{code}", scope=scope)

    @pytest.mark.parametrize("code", CODES)
    def test_the_same_code_in_a_callback_that_says_failed(self, code: int) -> None:
        assert judge_failure(code) == judge(400, code)

    @pytest.mark.parametrize(("fate", "scope"), CODES.values())
    def test_only_what_is_set_up_wrongly_has_a_scope(
        self, fate: SmsFate, scope: SuspensionScope | None
    ) -> None:
        assert (scope is not None) == (fate is MISCONFIGURED)


class TestTheHttpStatus:
    @pytest.mark.parametrize(
        ("status", "code", "fate", "scope"),
        [
            # ambiguous: it may have been sent, whatever the code says
            (500, 20500, UNKNOWN, None),
            (502, None, UNKNOWN, None),
            (503, 20503, UNKNOWN, None),
            (503, 21211, UNKNOWN, None),
            (503, 20003, UNKNOWN, None),
            (504, 20429, UNKNOWN, None),
            (599, None, UNKNOWN, None),
            # never processed, whatever the code says
            (429, 20429, NOT_NOW, None),
            (429, None, NOT_NOW, None),
            (429, 429, NOT_NOW, None),
            (429, 99999, NOT_NOW, None),
            (429, 21211, NOT_NOW, None),
            (408, None, NOT_NOW, None),
            (421, None, NOT_NOW, None),
            (425, None, NOT_NOW, None),
            (408, 21211, BAD_NUMBER, None),
            # our account
            (401, 20003, MISCONFIGURED, ACCOUNT),
            (401, None, MISCONFIGURED, ACCOUNT),
            (401, 21211, MISCONFIGURED, ACCOUNT),
            (403, 20003, MISCONFIGURED, ACCOUNT),
            (403, None, MISCONFIGURED, ACCOUNT),
            (403, 403, MISCONFIGURED, ACCOUNT),
            (403, 99999, MISCONFIGURED, ACCOUNT),
            (404, 20404, MISCONFIGURED, ACCOUNT),
            (404, None, MISCONFIGURED, ACCOUNT),
            (302, None, MISCONFIGURED, ACCOUNT),
            (407, None, MISCONFIGURED, ACCOUNT),
            # one customer's number must not stop everybody's texts
            (403, 21608, MISCONFIGURED, ROUTE),
            (403, 21610, OPTED_OUT, None),
            # an unknown 4xx is for good
            (400, 99999, BAD_TEXT, None),
            (400, None, BAD_TEXT, None),
            (400, 400, BAD_TEXT, None),
            (422, 422, BAD_TEXT, None),
            # the code of one number or sender, whatever the 4xx
            (404, 21701, MISCONFIGURED, SENDER),
            (422, 21614, BAD_NUMBER, None),
        ],
    )
    def test_comes_first(
        self, status: int, code: int | None, fate: SmsFate, scope: SuspensionScope | None
    ) -> None:
        assert judge(status, code) == SmsAnswer(fate, f"twilio_{code or status}", scope=scope)

    def test_code_0_is_no_code(self) -> None:
        assert judge(400, 0) == SmsAnswer(BAD_TEXT, "twilio_400")


class TestACallbackThatSaysFailed:
    @pytest.mark.parametrize(
        ("code", "name"),
        [
            (None, "twilio_no_code"),
            (0, "twilio_no_code"),
            (30410, "twilio_30410"),
            (99999, "twilio_99999"),
        ],
    )
    def test_without_a_known_code_it_is_not_sent_again(self, code: int | None, name: str) -> None:
        assert judge_failure(code) == SmsAnswer(FAILED, name)
