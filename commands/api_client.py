"""Doorstep's API as the command line asks it: over HTTP, with the key of the settings."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from commands.errors import CommandFailed
from commands.operator_key import require_operator_key
from commands.ports import LOOPBACK
from settings import Settings

_ANSWER_LIMIT_S = 30.0
_MOST_OF_A_PAGE = 100
_ANY_ADDRESS = {"0.0.0.0": LOOPBACK, "::": "::1", "": LOOPBACK}  # noqa: S104 - it is translated

Query = Mapping[str, Any]


class ApiClient:
    """One connection to the API; every answer that is no success is a CommandFailed in words."""

    def __init__(self, client: httpx.AsyncClient, advice: str) -> None:
        self._client = client
        self._advice = advice

    @classmethod
    def of(cls, settings: Settings) -> "ApiClient":
        """The API of DOORSTEP_API_URL with DOORSTEP_API_KEY; without them the one of this machine,
        past any proxy, with the operator's key."""
        key = settings.api_key.get_secret_value() if settings.api_key else None
        is_here = settings.api_url is None
        url = settings.api_url or own_api_url(settings)
        advice = "start it with `doorstep up`" if is_here else "correct DOORSTEP_API_URL"
        client = httpx.AsyncClient(
            base_url=url,
            headers={"authorization": f"Bearer {key or require_operator_key(settings)}"},
            timeout=_ANSWER_LIMIT_S,
            trust_env=not is_here,
        )
        return cls(client, advice)

    async def __aenter__(self) -> Self:
        """Nothing is sent yet."""
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def send(
        self, method: str, path: str, body: Any = None, query: Query | None = None
    ) -> httpx.Response:
        """The answer, whatever it is. CommandFailed when there is none."""
        wanted = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            return await self._client.request(method, path, json=body, params=wanted)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            where = f"{self._client.base_url}".rstrip("/")
            raise CommandFailed(
                f"the API does not answer at {where} ({reason}): {self._advice}"
            ) from None

    async def ask(
        self, method: str, path: str, body: Any = None, query: Query | None = None
    ) -> dict[str, Any]:
        """The body of a success. CommandFailed says what the API has against it."""
        answer = await self.send(method, path, body, query)
        if not answer.is_success:
            raise CommandFailed(refusal(answer))
        return json_object(answer)

    async def get(self, path: str, query: Query | None = None) -> dict[str, Any]:
        """Read one thing."""
        return await self.ask("GET", path, query=query)

    async def items(
        self, path: str, query: Query | None, most: int, *, in_body: bool = False
    ) -> list[dict[str, Any]]:
        """The first items of a list, out of as many pages as they fill. `in_body`: what is asked
        for is for no address."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while len(found) < most:
            limit = min(most - len(found), _MOST_OF_A_PAGE)
            asked = {**(query or {}), "limit": limit, "cursor": cursor}
            page = await (self.ask("POST", path, asked) if in_body else self.get(path, asked))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        return found


def own_api_url(settings: Settings) -> str:
    """Where this machine reaches the API that it runs."""
    host = _ANY_ADDRESS.get(settings.api_host, settings.api_host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.api_port}"


def in_path(text: str) -> str:
    """An id as a part of a path, whatever signs it has."""
    return quote(text, safe="")


def json_object(answer: httpx.Response) -> dict[str, Any]:
    """The body, or nothing where it is no JSON object."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def refusal(answer: httpx.Response) -> str:
    """What an answer that is no success says, in one line and what to do about it."""
    body, request = json_object(answer), answer.request
    detail = str(body.get("detail") or answer.reason_phrase or "no reason given")
    faults = [
        f"{one.get('field')}: {one.get('message')}"
        for one in body.get("errors") or []
        if one.get("message") != detail
    ]
    said = "; ".join([detail, *faults])
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return f"the API refuses the key (401: {said}): set DOORSTEP_API_KEY"
    if answer.status_code == httpx.codes.NOT_FOUND and body:
        return f"{said} (404)"
    where = f"{request.method} {request.url.path}"
    return f"the API refuses {where} ({answer.status_code}): {said}"
