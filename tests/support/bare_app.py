"""The product's app without what it works with, made once for each process of the tests."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI

from api.app import create_app
from api.dependencies import Parts


def _never_opened() -> AbstractAsyncContextManager[Parts]:
    raise AssertionError("the lifespan does not run under ASGITransport")


BARE_APP: FastAPI = create_app(_never_opened)
DOCUMENT: dict[str, Any] = BARE_APP.openapi()
