"""The OpenAPI document, made once for each process of the tests."""

from typing import Any

from tests.support.bare_app import BARE_APP

DOCUMENT: dict[str, Any] = BARE_APP.openapi()
