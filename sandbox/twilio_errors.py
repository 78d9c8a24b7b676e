"""Twilio's error codes: the HTTP status each one comes with and what it says."""

from typing import Any

_STATUS_OF_CODE = {20003: 401, 20404: 404, 20429: 429, 20500: 500, 20503: 503}

CODE_OF_STATUS = {status: code for code, status in _STATUS_OF_CODE.items()}
"""The general code of an HTTP status, such as 20429 for 429."""

_MESSAGES = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    20503: "Service Unavailable",
    21211: "The 'To' number {to} is not a valid phone number.",
    21212: "The 'From' number {from_} is not a valid phone number, shortcode, or sender ID.",
    21408: "Permission to send an SMS has not been enabled for the region of 'To': {to}",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number {from_} is not a valid, message-capable Twilio phone number.",
    21608: "The number {to} is unverified. Trial accounts cannot message unverified numbers.",
    21609: "The 'StatusCallback' URL {callback} is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "The 'From' number {from_} has exceeded the maximum number of queued messages.",
    21612: "The 'To' number {to} is not currently reachable via SMS from {from_}.",
    21614: "'To' number is not a valid mobile number: {to}",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    21624: "Invalid validity period value",
    21705: "The Messaging Service is invalid",
    30001: "Queue overflow",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Carrier violation",
    30008: "Unknown error",
    30036: "Validity period expired",
    30500: "Internal failure",
}


def status_of(code: int) -> int:
    """The HTTP status an error code comes with: 400 for everything about the message."""
    return _STATUS_OF_CODE.get(code, 400)


def message_of(code: int, **details: str) -> str:
    """What Twilio says with a code; `to`, `from_` and `callback` fill it in."""
    known = {"to": "", "from_": "", "callback": "", **details}
    return _MESSAGES.get(code, f"Error {code}").format(**known)


def error_body(code: int, status: int, **details: str) -> dict[str, Any]:
    """The JSON of an error answer."""
    return {
        "code": code,
        "message": message_of(code, **details),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
