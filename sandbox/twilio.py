"""A Twilio that answers the Messages API as the real one does, for the official client.

In a test:

    async with TwilioSandbox(account_sid="AC…", auth_token="…") as twilio:
        client.api.base_url = twilio.base_url  # with TWILIO_EDGE and TWILIO_REGION unset
        ...
        await twilio.wait_for(1)

By itself: `python -m sandbox twilio --port 9201`. What it does with a message is decided by
`by_number`, then by the magic numbers, then by the script (see `twilio_steps`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from fastapi import Request, Response

from sandbox.serving import LocalServer
from sandbox.twilio_app import create_app
from sandbox.twilio_callback_request import Signer
from sandbox.twilio_callbacks import Callbacks, CallbackSender, SentCallback
from sandbox.twilio_messages import Message, first_fault
from sandbox.twilio_requests import Attempt, RequestHandler
from sandbox.twilio_steps import Accept, Refuse, Script, Step, magic_step
from sandbox.waiting import Changes

DEFAULT_ACCOUNT_SID = "AC" + "0" * 32
DEFAULT_AUTH_TOKEN = "sandbox-auth-token"


class TwilioSandbox:
    """One account of the sandbox Twilio. `shared_secret` signs callbacks that are to be signed by a
    shared key; None: the auth token does."""

    def __init__(
        self,
        *,
        account_sid: str = DEFAULT_ACCOUNT_SID,
        auth_token: str = DEFAULT_AUTH_TOKEN,
        shared_secret: str | None = None,
        behaviour: Step | Sequence[Step] = Accept(),  # noqa: B008 - a frozen value
        by_number: Mapping[str, Step | Sequence[Step]] | None = None,
        callbacks: Callbacks | None = Callbacks(),  # noqa: B008 - a frozen value
        port: int = 0,
    ) -> None:
        self.account_sid, self.auth_token = account_sid, auth_token
        self.account_status = "active"
        self._script = Script(behaviour)
        self._by_number = {to: Script(steps) for to, steps in (by_number or {}).items()}
        self._changes = Changes()
        signer = Signer(auth_token, shared_secret or auth_token)
        self._callbacks = CallbackSender(signer, callbacks, self._changes)
        self._server = LocalServer(create_app(self), port=port)
        self._handler = RequestHandler(
            account_sid,
            callbacks=self._callbacks,
            changes=self._changes,
            reset_connection=self._server.reset_connection,
        )

    async def __aenter__(self) -> Self:
        """Listen."""
        await self._server.start()
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Answer what hangs, drop callbacks that were not sent yet and stop."""
        self.release()
        await self._callbacks.close()
        await self._server.stop()

    @property
    def base_url(self) -> str:
        """For `client.api.base_url`."""
        return self._server.url

    @property
    def messages(self) -> list[Message]:
        """Every message that was taken, in the order of arrival."""
        return self._handler.messages

    @property
    def attempts(self) -> list[Attempt]:
        """Every request to send, refused ones too; those that hang are added once they end."""
        return self._handler.attempts

    @property
    def callbacks(self) -> list[SentCallback]:
        """Every status callback that was posted, with its answer."""
        return self._callbacks.sent

    @property
    def hanging(self) -> int:
        """Requests that are held."""
        return len(self._handler.holds)

    def message(self, sid: str) -> Message | None:
        """A message by its sid."""
        return next((message for message in self.messages if message.sid == sid), None)

    def behave(self, behaviour: Step | Sequence[Step], *, to: str | None = None) -> None:
        """Change what is done with the next messages, or with those to one number."""
        if to is None:
            self._script = Script(behaviour)
        else:
            self._by_number[to] = Script(behaviour)

    def set_callbacks(self, plan: Callbacks | None) -> None:
        """Change how the status callbacks of the next messages come; None: none come."""
        self._callbacks.plan = plan

    def release(self) -> int:
        """Let every hanging request be answered; returns how many there were."""
        return self._handler.release()

    async def callback(
        self, sid: str, status: str, error_code: int | None = None, *, forged: bool = False
    ) -> SentCallback | None:
        """Post one status callback by hand, signed or forged."""
        if (message := self.message(sid)) is None:
            raise LookupError(f"no message {sid}")
        return await self._callbacks.post(message, status, error_code, forged=forged)

    async def wait_for(self, count: int, *, timeout: float = 10.0) -> list[Message]:
        """Wait until `count` messages were taken, and return them all."""
        await self.wait_until(lambda: len(self.messages) >= count, timeout=timeout)
        return self.messages

    async def wait_for_callbacks(self, count: int, *, timeout: float = 10.0) -> list[SentCallback]:
        """Wait until `count` callbacks were answered, and return them all."""
        await self.wait_until(lambda: len(self.callbacks) >= count, timeout=timeout)
        return self.callbacks

    async def wait_until(self, predicate: Callable[[], bool], *, timeout: float = 10.0) -> None:
        """Wait until a condition on this sandbox holds; looked at after every change."""
        await self._changes.until(
            predicate, timeout=timeout, seen=lambda: f"Twilio saw {self.summary()}"
        )

    def summary(self) -> dict[str, Any]:
        """The counts that a ledger compares with the sender's."""
        texts = Counter((message.to, message.body) for message in self.messages)
        return {
            "requests": len(self.attempts),
            "taken": len(self.messages),
            "same_text_taken_again": sum(count - 1 for count in texts.values()),
            "answers": dict(Counter(str(attempt.answer) for attempt in self.attempts)),
            "statuses": dict(Counter(message.status for message in self.messages)),
            "callbacks": dict(Counter(str(sent.answer) for sent in self.callbacks)),
            "hanging": self.hanging,
        }

    async def answer(self, form: dict[str, str], request: Request, *, known: bool) -> Response:
        """Deal with one request to send; `known`: its credentials are right."""
        step = self._step(form) if known else Refuse(20003)
        return await self._handler.perform(step, form, request)

    def _step(self, form: dict[str, str]) -> Step:
        to = form.get("To", "")
        if fault := first_fault(form):
            return fault
        if to in self._by_number:
            return self._by_number[to].next_step()
        return magic_step(to) or self._script.next_step()
