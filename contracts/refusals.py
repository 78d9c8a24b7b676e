"""Why something cannot be done or taken: named, so that pages say it in the words of their readers.
The API says it in a sentence of its own."""

from enum import StrEnum


class Refusal(StrEnum):
    """The cause of a Conflict, an Invalid or a LimitReached."""

    SAID = "said"
    """Its message is in the words of the page already."""

    ADDRESS_TAKEN = "address_taken"
    HAS_PASSWORD = "has_password"
    LAST_PERSON = "last_person"
    PORTAL_VISIT = "portal_visit"
    SECOND_FACTOR_NEEDED = "second_factor_needed"
    """It may not be switched off."""
    SECOND_FACTOR_MISSING = "second_factor_missing"
    SECOND_FACTOR_THERE = "second_factor_there"
    NOT_ABOVE = "not_above"
    """It is done by who may do more than the one it is done to."""
    KEYS_ENOUGH = "keys_enough"
    TOO_OFTEN = "too_often"
    PAUSED = "paused"
    PAUSED_BY_OPS = "paused_by_ops"
    NOT_OF_THE_PLAN = "not_of_the_plan"

    ENDPOINT_OFF = "endpoint_off"
    ENDPOINT_FAILS = "endpoint_fails"
    ENDPOINTS_ENOUGH = "endpoints_enough"
    URL_TAKEN = "url_taken"
    URL_NOT_PUBLIC = "url_not_public"
    URL_NOT_ENCRYPTED = "url_not_encrypted"
    SECRETS_ENOUGH = "secrets_enough"
    RECOVERY_RUNS = "recovery_runs"
    RECOVERY_ENDED = "recovery_ended"
    RANGE = "range"
    RANGE_TOO_LONG = "range_too_long"

    PHONE_NOT_MOBILE = "phone_not_mobile"
    PHONE_OF_ANOTHER_COUNTRY = "phone_of_another_country"
    PHONE_OPTED_OUT = "phone_opted_out"
    PHONE_MISSING = "phone_missing"
    PHONE_NOT_CORRECTABLE = "phone_not_correctable"
    TEST_COUNTRY = "test_country"
    CODE_NOT_AWAITED = "code_not_awaited"
    SENT_TOO_OFTEN = "sent_too_often"
    ENDED = "ended"
    TEXT_UNUSABLE = "text_unusable"

    LOGO_TOO_LARGE = "logo_too_large"
    LOGO_TOO_WIDE = "logo_too_wide"
    LOGO_KIND = "logo_kind"
    LOGO_DAMAGED = "logo_damaged"

    ORDER_WENT_ON = "order_went_on"
    NO_TRACKING_PAGE = "no_tracking_page"


class UnusableValue(ValueError):
    """A value that is not taken; `cause` names why for whoever says it in other words."""

    def __init__(self, message: str, *, cause: str) -> None:
        super().__init__(message)
        self.cause = cause
