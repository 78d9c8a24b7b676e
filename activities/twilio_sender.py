"""One text through the official Twilio client, and its answer as data.

What an answer says is contracts/sms/twilio_fields.py, what it means contracts/sms/answers.py; here
are the call and the ways it breaks.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from contracts.outages import Outage
from contracts.sms.answers import SmsAnswer, SmsFate, SuspensionScope
from contracts.sms.twilio_fields import UNREADABLE, read_answer

log = logging.getLogger(__name__)

SMS_REQUEST_TIME = 10.0
"""Seconds for one call of Twilio: to connect, and for each piece of the answer. The whole has twice
as much."""

CALLS_AT_ONCE = 32
"""Calls of Twilio under way at once, each on a thread of its own."""

_SETTLED_S = 30.0
"""Twilio answers again when each call did for so long."""

_TIMEOUT, _CONNECTION = "timeout", "connection"
_SHORTEST_VALIDITY_S, _LONGEST_VALIDITY_S = 1, 36_000
"""Twilio's limits of ValidityPeriod, from its Messages API reference."""

_MESSAGING_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")


@dataclass(frozen=True)
class OutgoingText:
    """A text as it is handed to Twilio.

    `to` is E.164. `sender` is a number, a header or a messaging service (MG…). After `validity_s`
    seconds Twilio must not send it any more. `status_callback` is the address that is told what
    becomes of it; None: nobody is told.
    """

    to: str = field(repr=False)
    body: str = field(repr=False)
    sender: str
    validity_s: int
    status_callback: str | None


class Texter(Protocol):
    """Sends one text."""

    async def send(self, text: OutgoingText) -> SmsAnswer:
        """Make one call and say how it ended; never raises for what the other side did."""
        ...


@dataclass(frozen=True)
class TwilioAccount:
    """Where and by whose account texts are sent."""

    account_sid: str
    auth_token: str = field(repr=False)
    base_url: str | None = None


class TwilioSender:
    """Texts through Twilio. The client is synchronous (its async time-out is ignored), so each
    call runs on one of CALLS_AT_ONCE threads; it never repeats a call by itself.

    Each call has a connection of its own: one that is kept may close just as the next text is on
    its way, and then nobody can tell whether that was sent.
    """

    def __init__(
        self,
        account: TwilioAccount,
        request_time: float = SMS_REQUEST_TIME,
        outage: Outage | None = None,
    ) -> None:
        self._outage = outage or Outage(_SETTLED_S)
        self._threads = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="twilio")
        self._places = asyncio.Semaphore(CALLS_AT_ONCE)
        self._time_limit = 2 * request_time
        self._client = client_of(account, request_time)
        self._path = f"/Accounts/{account.account_sid}/Messages.json"

    async def send(self, text: OutgoingText) -> SmsAnswer:
        """Send one text."""
        async with self._places:
            answer = await self._in_time(text)
        self._note(answer)
        return answer

    async def _in_time(self, text: OutgoingText) -> SmsAnswer:
        """The answer to a call, or that there was none in time: the client's own limit begins anew
        with every byte that comes. A call that found no thread is not made any more."""
        call = self._threads.submit(_answered, lambda: self._create(text))
        try:
            async with asyncio.timeout(self._time_limit):
                return await asyncio.wrap_future(call)
        except TimeoutError:
            return _too_late(call)

    def _note(self, answer: SmsAnswer) -> None:
        """Say once that Twilio is away, and once that it is back."""
        if answer.fate is SmsFate.UNKNOWN or answer.code in (_TIMEOUT, _CONNECTION):
            if self._outage.begins():
                log.warning("Twilio does not answer: %s", answer.code)
        elif self._outage.ends():
            log.info("Twilio answers again")

    def _create(self, text: OutgoingText) -> SmsAnswer:
        """One call. The client's own `create` reads every field of the answer, and a date or a
        number that is none would hide that the text was taken; so the answer is read here."""
        response = self._client.api.v2010.request("POST", self._path, data=_parameters(text))
        return read_answer(response.status_code, response.text)


def client_of(account: TwilioAccount, request_time: float) -> Client:
    """The official client of an account; `request_time` in seconds."""
    client = Client(
        account.account_sid,
        account.auth_token,
        http_client=TwilioHttpClient(timeout=request_time, pool_connections=False),
    )
    if account.base_url is not None:
        client.api.base_url = account.base_url
    return client


class NoTwilio:
    """Stands where no Twilio account is set: texts wait until one is."""

    async def send(self, text: OutgoingText) -> SmsAnswer:
        """Send nothing and say why."""
        del text
        return SmsAnswer(SmsFate.MISCONFIGURED, "sms_not_configured", scope=SuspensionScope.ACCOUNT)


def _parameters(text: OutgoingText) -> dict[str, Any]:
    """A text in the words of Twilio's Messages API."""
    service = _MESSAGING_SERVICE.fullmatch(text.sender)  # and not a header such as MGROAD
    sender = "MessagingServiceSid" if service else "From"
    validity_s = min(max(text.validity_s, _SHORTEST_VALIDITY_S), _LONGEST_VALIDITY_S)
    parameters: dict[str, Any] = {
        "To": text.to,
        "Body": text.body,
        sender: text.sender,
        "ValidityPeriod": validity_s,
    }
    if text.status_callback is not None:
        parameters["StatusCallback"] = text.status_callback
    return parameters


def _too_late(call: Future[SmsAnswer]) -> SmsAnswer:
    if call.cancel():
        return SmsAnswer(SmsFate.NOT_NOW, _TIMEOUT)
    return call.result() if call.done() else SmsAnswer(SmsFate.UNKNOWN, _TIMEOUT)


def _answered(create: Callable[[], SmsAnswer]) -> SmsAnswer:
    try:
        return create()
    except requests.Timeout as error:
        unsent = isinstance(error, requests.ConnectTimeout)
        return SmsAnswer(SmsFate.NOT_NOW if unsent else SmsFate.UNKNOWN, _TIMEOUT)
    except requests.RequestException as error:
        fate = SmsFate.NOT_NOW if _never_connected(error) else SmsFate.UNKNOWN
        return SmsAnswer(fate, _CONNECTION)
    except Exception:  # an answer that nobody can read, in one of many ways
        return SmsAnswer(SmsFate.UNKNOWN, UNREADABLE)


def _never_connected(error: requests.RequestException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)
