"""Schemathesis over the whole document, against the real app: every answer is as documented.

Each operation is called with made-up requests, right and wrong ones, with a key of each scope. The
requests are the same in every run.
"""

import socket
import threading
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from api.app import create_app
from api.dependencies import Parts
from api.rate_limits import RateLimits
from contracts.access.callers import Scope
from contracts.clock import Clock, utc_now
from contracts.delivery.retry import RetrySchedule
from dispatch.gateway import Gateway
from store.db.database import Database
from tests.api.route_rules import Ids
from tests.api.test_who_may_call import furnish
from tests.support.encryption import KEYRING
from tests.support.keys import make_key
from tests.support.parts import make_parts
from tests.support.postgres import TEMPLATE, Postgres
from tests.support.shelf import Shelf

pytestmark = pytest.mark.extended

ATTEMPTS = 20
KNOWN_IDS_IN_FIVE = 4
"""How many of five requests name something that is there."""

SCHEMA = schemathesis.openapi.from_dict(create_app(lambda: pytest.fail("never opened")).openapi())
CHECKED: list[Any] = [
    check for check in CHECKS.get_all() if check.__name__ != "positive_data_acceptance"
]
"""A well-formed request may be refused, for what the database holds."""

CHECKED_WITHOUT_A_WRONG_BODY = [
    check for check in CHECKED if check.__name__ != "negative_data_rejection"
]
"""Outside of a body what was made wrong may have been mended since: an id, or a key."""


FRAMING = ("connection", "content-length", "expect", "transfer-encoding", "upgrade")
"""Headers that say where a request ends and what its connection is for (RFC 9112). A wrong one is
refused by the server before there is a request that the app could answer."""


@dataclass(frozen=True)
class Served:
    """Where the app is, a key of each scope, and ids that exist, all of one partner."""

    address: str
    keys: dict[Scope, str]
    ids: Ids


@pytest.mark.parametrize("scope", Scope)
@SCHEMA.parametrize()
@settings(
    max_examples=ATTEMPTS,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_documented(
    case: schemathesis.Case[Any], served: Served, scope: Scope
) -> None:
    for name, value in case.path_parameters.items():
        if name in served.ids and zlib.crc32(str(value).encode()) % 5 < KNOWN_IDS_IN_FIVE:
            case.path_parameters[name] = served.ids[name]
    for name in [name for name in case.headers or {} if name.lower() in FRAMING]:
        del case.headers[name]
    case.call_and_validate(
        base_url=served.address,
        headers={"Authorization": f"Bearer {served.keys[scope]}"},
        checks=CHECKED if has_a_wrong_body(case) else CHECKED_WITHOUT_A_WRONG_BODY,
    )


def has_a_wrong_body(case: schemathesis.Case[Any]) -> bool:
    """Whether the body was made wrong. What else was may have been mended above: a wrong id by one
    that is there, a missing key by a real one."""
    if case.meta is None:
        return False
    body = case.meta.components.get(ParameterLocation.BODY)
    return body is not None and body.mode is GenerationMode.NEGATIVE


@pytest.fixture(scope="module")
async def served(temporal: WorkflowEnvironment, postgres: Postgres) -> AsyncIterator[Served]:
    """The app behind a real server in a thread of its own, so that tests may block."""
    url = postgres.url(postgres.fresh(TEMPLATE))
    keys, ids = await furnished(url)
    target = temporal.client.service_client.config.target_host
    with in_a_thread(create_app(lambda: opened(url, target))) as address:
        yield Served(address, keys, ids)


async def furnished(url: str) -> tuple[dict[Scope, str], Ids]:
    """A partner with one of everything, and a key of each scope that no test revokes."""
    database = Database(url, KEYRING)
    ids, _ = await furnish(Shelf(database), "shop")
    keys = {
        scope: (await make_key(database, scope, "shop" if scope is Scope.PARTNER else None))[1]
        for scope in Scope
    }
    database.close()
    return keys, ids


@asynccontextmanager
async def opened(url: str, target: str) -> AsyncIterator[Parts]:
    """The app's parts, with limits that no test reaches."""
    database = Database(url, KEYRING)
    gateway = Gateway(await Client.connect(target, lazy=True), RetrySchedule(), "fuzzing")
    limits = RateLimits(hurried_clock(), oms_per_minute=6_000, ops_per_minute=6_000)
    parts = replace(make_parts(database, gateway), limits=limits)
    yield parts
    await parts.keys.settle()
    database.close()


def hurried_clock() -> Clock:
    """A clock on which a minute passes between any two looks."""
    minutes = count()
    start = utc_now()
    return lambda: start + timedelta(minutes=next(minutes))


@contextmanager
def in_a_thread(app: FastAPI) -> Iterator[str]:
    """Serve an app beside the tests; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
