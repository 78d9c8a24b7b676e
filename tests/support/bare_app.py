"""The product's app without what it works with, made as seldom as can be.

FastAPI puts the routes of an app together at its first requests, which takes longer than most
tests.
"""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager

from fastapi import FastAPI

from api.app import create_app
from api.dependencies import Parts


def _never_opened() -> AbstractAsyncContextManager[Parts]:
    raise AssertionError("the lifespan does not run under ASGITransport")


BARE_APP: FastAPI = create_app(_never_opened)

_not_in_use = [BARE_APP]


@contextmanager
def app_with(parts: Parts) -> Iterator[FastAPI]:
    """An app that nobody else has meanwhile, on these parts."""
    app = _not_in_use.pop() if _not_in_use else create_app(_never_opened)
    app.state.parts = parts
    try:
        yield app
    finally:
        _not_in_use.append(app)
