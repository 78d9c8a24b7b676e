"""Cookies as browsers are to keep them: for this host, for no script, and not for other sites.

Where one other site may show the dashboard in a frame, they are sent there, too: over TLS, and
apart for each site that the frame is in (Partitioned, CHIPS), so that none is told from another.
"""

from fastapi.responses import Response

from api.dependencies import Parts


def give_cookie(answer: Response, parts: Parts, name: str, value: str, *, max_age: int) -> None:
    """Let the browser keep something for so many seconds."""
    framed = parts.embed_origin is not None
    answer.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        secure=is_secure(parts),
        httponly=True,
        samesite="none" if framed else "lax",
    )
    if framed:  # the standard library writes the attribute from Python 3.14 on
        header, said = answer.raw_headers.pop()
        answer.raw_headers.append((header, said + b"; Partitioned"))


def take_cookie(answer: Response, parts: Parts, name: str) -> None:
    """Let the browser forget it."""
    give_cookie(answer, parts, name, "", max_age=0)


def is_secure(parts: Parts) -> bool:
    """Whether browsers come in over TLS: as the public address says; without one, it is this
    machine's own loopback."""
    return (parts.text_rules.public_url or "").startswith("https://")
