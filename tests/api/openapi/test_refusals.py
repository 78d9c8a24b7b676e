"""What every operation refuses before its own work is in the document of that operation."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.dependencies import Parts
from api.middleware.request_checks import MOST_HEADERS
from tests.support.document import DOCUMENT

PATHS = DOCUMENT["paths"]
OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, operations in PATHS.items()
    for method, operation in operations.items()
]
REFUSED: dict[str, dict[str, Any]] = {
    "many headers": {"headers": {f"x-{n}": "x" for n in range(MOST_HEADERS + 1)}},
    "another host": {"headers": {"host": "evil.example"}},
    "another type": {"content": b"a", "headers": {"content-type": "text/plain"}},
    "a body that is too large": {
        "content": b"a" * (8 * 1024 * 1024 + 1),
        "headers": {"content-type": "application/json"},
    },
    "a query without meaning": {"params": {"colour": "red"}},
}


@pytest.fixture
def public(app: FastAPI) -> None:
    """An installation with a public address."""
    parts: Parts = app.state.parts
    rules = replace(parts.text_rules, public_url="https://doorstep.example")
    app.state.parts = replace(parts, text_rules=rules)


@pytest.mark.usefixtures("public", "lonely")
@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
async def test_each_refusal_is_documented(
    api: httpx.AsyncClient, method: str, path: str, operation: dict[str, Any]
) -> None:
    address = path.replace("{", "").replace("}", "")
    for name, request in REFUSED.items():
        answer = await api.request(method, address, **request)
        assert str(answer.status_code) in operation["responses"], name


def test_a_body_may_be_too_slow_wherever_there_is_one() -> None:
    for operations in PATHS.values():
        for operation in operations.values():
            assert ("408" in operation["responses"]) == ("requestBody" in operation)
