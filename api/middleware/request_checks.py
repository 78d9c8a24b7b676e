"""What is refused before anything of a request is read: heads that two servers read differently,
heads that are too large, and hosts that are not ours.

Source: RFC 9112, sections 3.2.2 (targets that name their host) and 6.1 (Content-Length beside
Transfer-Encoding); RFC 9110, section 15.5.20 (misdirected requests).
"""

import re
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem
from contracts.endpoints.url import is_inside_name

MOST_HEADERS = 100
MOST_HEAD_BYTES = 32 * 1024
OPEN_TO_ANY_HOST = ("/healthz", "/readyz")
_CLOSE = {"connection": "close"}
_NEVER_PUBLIC = ".test"
"""RFC 6761, section 6.2: no such name leads anywhere on the internet."""
_HSTS = "max-age=31536000"
_WITH_ITS_HOST = re.compile(rb"https?://([^/]*)(/.*)?", re.IGNORECASE)


class RequestChecks:
    """Outside of all routes, the dashboard's too. Also answers HEAD wherever GET is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is in order."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _without_its_host(scope)
        public_url = _public_url(scope)
        answer = _refusal(scope, public_url) or self._app
        if (public_url or "").startswith("https://"):
            send = _over_tls_only(send)
        if scope["method"] == "HEAD":  # RFC 9110, 9.3.2: GET without its content
            scope, send = {**scope, "method": "GET"}, _without_content(send)
        await answer(scope, receive, send)


def _without_its_host(scope: Scope) -> Scope:
    """A target such as `http://host/path`, which proxies are sent, as the path alone: its host is
    the one that counts."""
    found = _WITH_ITS_HOST.fullmatch(scope.get("raw_path") or b"")
    if found is None:
        return scope
    path = found[2] or b"/"
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    headers = [(b"host", found[1]), *others]
    return {**scope, "path": unquote(path.decode("ascii")), "raw_path": path, "headers": headers}


def _refusal(scope: Scope, public_url: str | None) -> ASGIApp | None:
    headers = Headers(scope=scope)
    raw = scope["headers"]
    if len(raw) > MOST_HEADERS or sum(len(k) + len(v) for k, v in raw) > MOST_HEAD_BYTES:
        return problem(431, "send fewer and shorter headers", headers=_CLOSE)
    if "content-length" in headers and "transfer-encoding" in headers:
        text = "send Content-Length or Transfer-Encoding, not both"
        return problem(400, text, headers=_CLOSE)
    if public_url is None or scope["path"] in OPEN_TO_ANY_HOST:
        return None
    if _is_ours(headers.get("host", ""), public_url):
        return None
    return problem(421, "use the host of DOORSTEP_PUBLIC_URL, or one of the inside")


def _is_ours(host: str, public_url: str) -> bool:
    """The public host with any port, an address, or a name that means something inside only: none
    of these leads a stranger's browser elsewhere."""
    if "@" in host:
        return False
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    inside = is_inside_name(name) or name.endswith(_NEVER_PUBLIC) or _is_address(name)
    return inside or name == urlsplit(public_url).hostname


def _is_address(name: str) -> bool:
    return ":" in name or name.replace(".", "").isdecimal()


def _public_url(scope: Scope) -> str | None:
    parts = getattr(scope["app"].state, "parts", None)
    return parts.text_rules.public_url if parts is not None else None


def _over_tls_only(send: Send) -> Send:
    """RFC 6797: a browser that has been here over TLS comes over nothing else."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("strict-transport-security", _HSTS)
        await send(message)

    return told


def _without_content(send: Send) -> Send:
    async def head_only(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return head_only
