"""The Messages API over HTTP, and the sandbox's own control next to it.

| call | does |
|---|---|
| `POST /2010-04-01/Accounts/{sid}/Messages.json` | send a message |
| `GET` the same, or `…/Messages/{sid}.json` | list by To, From and day, or fetch one |
| `GET /2010-04-01/Accounts/{sid}.json` | the account and whether it is active |
| `GET /_sandbox/messages` · `/_sandbox/callbacks` | what was taken · which callbacks were sent |
| `GET /_sandbox/summary` | the counts for a ledger |
| `PUT /_sandbox/behaviour` | text such as `429x2,accept`; `?to=+91…` for one number |
| `PUT /_sandbox/callbacks` | text such as `shuffled,doubled`, or `off` |
| `PUT /_sandbox/release` | let hanging requests be answered |
"""

import base64
import hmac
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from sandbox.twilio_callbacks import parse_callbacks
from sandbox.twilio_messages import API_VERSION, Message
from sandbox.twilio_requests import error_response
from sandbox.twilio_steps import Refuse, parse_script

if TYPE_CHECKING:
    from sandbox.twilio import TwilioSandbox

_LONG_AGO = "Thu, 30 Jul 2015 20:00:00 +0000"
_ACCOUNT = f"/{API_VERSION}/Accounts/{{account_sid}}"


def create_app(sandbox: "TwilioSandbox") -> FastAPI:
    """The application of one sandbox."""
    app = FastAPI(title="Sandbox Twilio", openapi_url=None)
    _add_account_api(app, sandbox)
    _add_messages_api(app, sandbox)
    _add_control(app, sandbox)
    return app


def _add_account_api(app: FastAPI, sandbox: "TwilioSandbox") -> None:
    @app.get(f"{_ACCOUNT}.json")
    async def fetch_account(account_sid: str, request: Request) -> Response:
        if not _authorised(sandbox, account_sid, request):
            return error_response(Refuse(20003), {})
        return JSONResponse(_account(sandbox, request))


def _add_messages_api(app: FastAPI, sandbox: "TwilioSandbox") -> None:
    @app.post(f"{_ACCOUNT}/Messages.json")
    async def create_message(account_sid: str, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        known = _authorised(sandbox, account_sid, request)
        return await sandbox.answer(form, request, known=known)

    @app.get(f"{_ACCOUNT}/Messages.json")
    async def list_messages(account_sid: str, request: Request) -> Response:
        if not _authorised(sandbox, account_sid, request):
            return error_response(Refuse(20003), {})
        found = [m.as_json() for m in reversed(sandbox.messages) if _matches(m, request)]
        return JSONResponse(_page(found, request))

    @app.get(f"{_ACCOUNT}/Messages/{{sid}}.json")
    async def fetch_message(account_sid: str, sid: str, request: Request) -> Response:
        if not _authorised(sandbox, account_sid, request):
            return error_response(Refuse(20003), {})
        message = sandbox.message(sid)
        return JSONResponse(message.as_json()) if message else error_response(Refuse(20404), {})


def _add_control(app: FastAPI, sandbox: "TwilioSandbox") -> None:
    @app.get("/_sandbox/messages")
    async def messages() -> list[dict[str, Any]]:
        return [message.as_json() for message in sandbox.messages]

    @app.get("/_sandbox/callbacks")
    async def callbacks() -> list[dict[str, Any]]:
        return [vars(sent) for sent in sandbox.callbacks]

    @app.get("/_sandbox/summary")
    async def summary() -> dict[str, Any]:
        return sandbox.summary()

    @app.put("/_sandbox/behaviour")
    async def behaviour(request: Request, to: str | None = None) -> dict[str, Any]:
        text = (await request.body()).decode()
        sandbox.behave(parse_script(text), to=to)
        return {"behaviour": text, "to": to}

    @app.put("/_sandbox/callbacks")
    async def set_callbacks(request: Request) -> dict[str, Any]:
        text = (await request.body()).decode()
        sandbox.set_callbacks(parse_callbacks(text))
        return {"callbacks": text}

    @app.put("/_sandbox/release")
    async def release() -> dict[str, Any]:
        return {"released": sandbox.release()}

    @app.exception_handler(ValueError)
    async def explain(_request: Request, error: Exception) -> Response:
        return JSONResponse({"error": str(error)}, status_code=400)


def _authorised(sandbox: "TwilioSandbox", account_sid: str, request: Request) -> bool:
    expected = base64.b64encode(f"{sandbox.account_sid}:{sandbox.auth_token}".encode())
    sent = request.headers.get("authorization", "").encode()
    known = hmac.compare_digest(sent, b"Basic " + expected)
    return known and account_sid == sandbox.account_sid


def _account(sandbox: "TwilioSandbox", request: Request) -> dict[str, Any]:
    return {
        "sid": sandbox.account_sid,
        "owner_account_sid": sandbox.account_sid,
        "friendly_name": "Sandbox",
        "status": sandbox.account_status,
        "type": "Full",
        "auth_token": sandbox.auth_token,
        "date_created": _LONG_AGO,
        "date_updated": _LONG_AGO,
        "subresource_uris": {"messages": request.url.path.replace(".json", "/Messages.json")},
        "uri": request.url.path,
    }


def _matches(message: Message, request: Request) -> bool:
    wanted = request.query_params
    return (
        wanted.get("To", message.to) == message.to
        and wanted.get("From", message.from_) == message.from_
        and wanted.get("DateSent", day := message.created_at.date().isoformat()) == day
    )


def _page(found: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    path = request.url.path
    return {
        "messages": found,
        "first_page_uri": f"{path}?Page=0",
        "next_page_uri": None,
        "previous_page_uri": None,
        "uri": path,
        "page": 0,
        "page_size": max(50, len(found)),
        "start": 0,
        "end": max(0, len(found) - 1),
    }
