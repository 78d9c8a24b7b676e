"""Where the sandbox Twilio deals with each request to send, as its step says."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from sandbox.twilio_callbacks import CallbackSender
from sandbox.twilio_errors import error_body
from sandbox.twilio_messages import Message, new_message
from sandbox.twilio_steps import Accept, Delay, Hang, Refuse, Reset, Step
from sandbox.waiting import Changes

Client = tuple[str, int]
Form = dict[str, str]


@dataclass(frozen=True)
class Attempt:
    """One request to send: the number, whether the message was taken, and the answer."""

    to: str
    taken: bool
    answer: int | str
    """An HTTP status, "client left" or "reset"."""


class RequestHandler:
    """Takes messages, refuses them or leaves the client alone with it, and keeps count."""

    def __init__(
        self,
        account_sid: str,
        *,
        callbacks: CallbackSender,
        changes: Changes,
        reset_connection: Callable[[Client], None],
    ) -> None:
        self.messages: list[Message] = []
        self.attempts: list[Attempt] = []
        self.holds: set[asyncio.Future[None]] = set()
        self._account_sid, self._callbacks, self._changes = account_sid, callbacks, changes
        self._reset_connection = reset_connection

    async def perform(self, step: Step, form: Form, request: Request) -> Response:
        """Do what a step says with one request."""
        try:
            return await self._perform(step, form, request)
        finally:
            await self._changes.announce()

    def release(self) -> int:
        """Let every hanging request be answered; returns how many there were."""
        waiting = [hold for hold in self.holds if not hold.done()]
        for hold in waiting:
            hold.set_result(None)
        return len(waiting)

    async def _perform(self, step: Step, form: Form, request: Request) -> Response:
        match step:
            case Delay():
                await asyncio.sleep(step.seconds)
                return await self._perform(step.then, form, request)
            case Accept():
                message = self._take(form, step)
                self._note(form, taken=True, answer=201)
                return _created(message)
            case Refuse():
                return self._refuse(step, form)
            case Hang():
                return await self._hang(step, form, request)
            case Reset():
                return await self._reset(step, form, request)
        raise TypeError(f"not a step: {step!r}")

    def _take(self, form: Form, fate: Accept) -> Message:
        message = new_message(self._account_sid, form, fate)
        self.messages.append(message)
        self._callbacks.start(message)
        return message

    def _note(self, form: Form, *, taken: bool, answer: int | str) -> None:
        self.attempts.append(Attempt(form.get("To", ""), taken, answer))

    def _refuse(self, step: Refuse, form: Form) -> Response:
        if step.taken:
            self._take(form, Accept())
        self._note(form, taken=step.taken, answer=step.status)
        return error_response(step, form)

    async def _reset(self, step: Reset, form: Form, request: Request) -> Response:
        if step.taken:
            self._take(form, Accept())
        self._note(form, taken=step.taken, answer="reset")
        if request.client is not None:
            self._reset_connection((request.client.host, request.client.port))
        await _client_leaves(request)
        return Response()

    async def _hang(self, step: Hang, form: Form, request: Request) -> Response:
        message = self._take(form, Accept()) if step.taken else None
        hold: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        leaving = asyncio.create_task(_client_leaves(request))
        ends: set[asyncio.Future[Any]] = {hold, leaving}
        self.holds.add(hold)
        try:
            await self._changes.announce()
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.holds.discard(hold)
            leaving.cancel()
        status = 201 if message else 503
        self._note(form, taken=step.taken, answer=status if hold.done() else "client left")
        return _created(message) if message else error_response(Refuse(20503), form)


def error_response(refusal: Refuse, form: Form) -> Response:
    """An error in Twilio's shape, or without JSON."""
    status = refusal.status
    if refusal.plain:
        return PlainTextResponse("upstream connect error", status_code=status)
    details = {
        "to": form.get("To", ""),
        "from_": form.get("From", ""),
        "callback": form.get("StatusCallback", ""),
    }
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if status == 401 else {}
    body = error_body(refusal.code, status, **details)
    return JSONResponse(body, status_code=status, headers=headers)


def _created(message: Message) -> Response:
    return JSONResponse(message.as_json(), status_code=201)


async def _client_leaves(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
