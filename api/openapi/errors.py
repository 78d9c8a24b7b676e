"""Which errors each operation of the API may answer, derived from what it takes.

Routes need not list them: any can refuse the head of a request or its host, and one with a key the
names in its query; one that takes a body can answer that it is not JSON, too large, too slow or
wrong; one that names something can answer that there is no such thing; and so on.
"""

from collections.abc import Iterator
from typing import Any

from api.middleware.request_checks import OPEN_TO_ANY_HOST
from api.problems import MEDIA_TYPE, TITLES

Operation = dict[str, Any]

_CHANGES = {"post", "put", "patch", "delete"}
_GENERAL = "4XX"
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_RETRY_AFTER = {
    "description": "seconds after which to try again",
    "schema": {"type": "string", "pattern": "^[0-9]+$"},
    "required": True,
}
_CHALLENGE = {"description": "how to say who you are", "schema": {"const": "Bearer"}}
_HEADERS = {
    401: {"WWW-Authenticate": _CHALLENGE},
    429: {"Retry-After": _RETRY_AFTER},
    503: {"Retry-After": _RETRY_AFTER},
}


def document_errors(paths: dict[str, dict[str, Operation]]) -> None:
    """Put the real statuses of each operation in place of the general `4XX`."""
    for path, operations in paths.items():
        for method, operation in operations.items():
            answers = operation["responses"]
            answers.pop(_GENERAL, None)
            for status in statuses(path, method, operation):
                answers.setdefault(str(status), answer(status))
            operation["responses"] = dict(sorted(answers.items()))


def statuses(path: str, method: str, operation: Operation) -> Iterator[int]:
    """The errors that an operation may answer."""
    yield from (400, 431)
    if path not in OPEN_TO_ANY_HOST:
        yield 421
    if "requestBody" in operation:
        yield from (408, 413, 422)
        if "application/json" in operation["requestBody"]["content"]:
            yield 415
    if operation.get("security"):
        yield from (401, 403, 422, 429, 500, 503)
    if "{" in path:
        yield 404
    if method in _CHANGES:
        yield 409
    if any(one["name"].lower() == "if-match" for one in operation.get("parameters", [])):
        yield 412
    if any(map(_can_be_wrong, operation.get("parameters", []))):
        yield 422


def _can_be_wrong(parameter: dict[str, Any]) -> bool:
    """Whether there is a value that it does not take: any text can be looked for as an id."""
    return bool(parameter["in"] != "path" or parameter["schema"].get("type") != "string")


def answer(status: int) -> dict[str, Any]:
    """How an error is described: the one shape, with an example of this status."""
    kind, title = TITLES[status]
    example = {
        "type": f"/problems/{kind}",
        "title": title,
        "status": status,
        "detail": "what is wrong, and what to do",
        "errors": [{"field": "data.rider", "message": "…"}] if status == 422 else [],
    }
    described: dict[str, Any] = {
        "description": title,
        "content": {MEDIA_TYPE: {"schema": _PROBLEM, "example": example}},
    }
    return described | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
