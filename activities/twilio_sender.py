"""One text through the official Twilio client, and its answer as data.

Sources: Twilio's Messages API reference and its error dictionary. Create has no idempotency key,
so an answer falls into one of four: taken, certainly not sent for now, certainly not sent for
good, and ambiguous.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import requests
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

SMS_REQUEST_TIME = 10.0
"""Seconds for one call of Twilio."""

CALLS_AT_ONCE = 32
"""Calls of Twilio under way at once, each on a thread of its own."""

_CONFIGURATION = frozenset({20003, 21408, 21603, 21606, 21608, 21612, 30002, 30024})
"""Our account or sender is set up wrongly: the text is fine and is tried again."""

_UNREADABLE = "twilio_unreadable"
_TEMPORARY = frozenset({20429, 21611, 30001, 30003, 30008, 30500})


class SmsFate(StrEnum):
    """What became of one call. `unknown`: it may have been sent."""

    TAKEN = "taken"
    NOT_NOW = "not_now"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SmsAnswer:
    """How one call of Twilio ended; `code` is `twilio_<error code>`, `timeout` or the like."""

    fate: SmsFate
    code: str
    sid: str | None = None
    parts: int | None = None


class Texter(Protocol):
    """Sends one text. `to` is E.164."""

    async def send(self, to: str, body: str) -> SmsAnswer:
        """Make one call and say how it ended; never raises for what the other side did."""
        ...


@dataclass(frozen=True)
class TwilioAccount:
    """Where and as whom texts are sent. `sender` is a number, a header or a messaging service."""

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    base_url: str | None = None


class TwilioSender:
    """Texts through Twilio. The client is synchronous (its async time-out is ignored), so each
    call runs on one of CALLS_AT_ONCE threads; it never repeats a call by itself."""

    def __init__(self, account: TwilioAccount, request_time: float = SMS_REQUEST_TIME) -> None:
        self._sender = account.sender
        self._threads = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="twilio")
        self._client = Client(
            account.account_sid,
            account.auth_token,
            http_client=TwilioHttpClient(timeout=request_time, max_retries=0),
        )
        if account.base_url is not None:
            self._client.api.base_url = account.base_url

    async def send(self, to: str, body: str) -> SmsAnswer:
        """Send one text."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _answered, lambda: self._create(to, body))

    def _create(self, to: str, body: str) -> SmsAnswer:
        if self._sender.startswith("MG"):
            message = self._client.messages.create(
                to=to, body=body, messaging_service_sid=self._sender
            )
        else:
            message = self._client.messages.create(to=to, body=body, from_=self._sender)
        if not message.sid:
            return SmsAnswer(SmsFate.UNKNOWN, _UNREADABLE)
        parts = int(message.num_segments or 0) or None  # 0 until a sender has been chosen
        return SmsAnswer(SmsFate.TAKEN, "twilio_accepted", message.sid, parts)


class NoTwilio:
    """Stands where no Twilio account is set: texts wait their schedule out and become visible."""

    async def send(self, to: str, body: str) -> SmsAnswer:
        """Send nothing and say why."""
        del to, body
        return SmsAnswer(SmsFate.NOT_NOW, "sms_not_configured")


def _answered(create: Callable[[], SmsAnswer]) -> SmsAnswer:
    try:
        return create()
    except (TwilioRestException, TwilioServiceException) as error:
        return judge(error.status, error.code)
    except requests.Timeout as error:
        unsent = isinstance(error, requests.ConnectTimeout)
        return SmsAnswer(SmsFate.NOT_NOW if unsent else SmsFate.UNKNOWN, "timeout")
    except requests.RequestException as error:
        fate = SmsFate.NOT_NOW if _never_connected(error) else SmsFate.UNKNOWN
        return SmsAnswer(fate, "connection")
    except Exception:  # an answer that the client cannot read, in one of many ways
        return SmsAnswer(SmsFate.UNKNOWN, _UNREADABLE)


def judge(status: int, code: int | None) -> SmsAnswer:
    """The fate of a text by HTTP status first, then by Twilio's code; unknown 4xx is for good."""
    name = f"twilio_{code or status}"
    if status >= 500:
        return SmsAnswer(SmsFate.UNKNOWN, name)
    if status in (401, 403, 429) or code in _CONFIGURATION or code in _TEMPORARY:
        return SmsAnswer(SmsFate.NOT_NOW, name)
    return SmsAnswer(SmsFate.REJECTED, name)


def _never_connected(error: requests.RequestException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)
