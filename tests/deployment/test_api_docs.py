"""docs/api.md: every route is in it, every example in it works, every error is listed."""

import json
import re
import shlex
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import col, select
from temporalio.testing import WorkflowEnvironment

from api import problems
from api.app import create_app
from api.middleware.body_limit import MOST_BATCH_BYTES, MOST_BYTES
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import DeadLetterReason
from contracts.partners import TIERS
from contracts.payload.events import EventType, TrackingEvent
from contracts.sms.variable_table import VARIABLES, Variable
from dispatch.gateway import Gateway
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.deliveries.planning import plan_event
from store.events import acceptance
from store.tables import DeadLetterRow
from tests.deployment.deployment_files import DOCS, ROOT
from tests.deployment.generated_docs import example_event
from tests.support.bare_app import DOCUMENT
from tests.support.instructions import a_failed_delivery
from tests.support.parts import OPERATOR_KEY, make_parts

_TEXT = (DOCS / "api.md").read_text()
_NOW = datetime(2026, 11, 23, 9, 40, tzinfo=UTC)
_LEARNT = (
    ("ep_", "ENDPOINT"),
    ("key_", "ID"),
    ("opt_", "OPTOUT"),
    ("stop_", "STOP"),
    ("rcv_", "RECOVERY"),
    ("ins_", "INSTRUCTION"),
)

_EXAMPLE = re.compile(r"```bash\n(.*?)```\n\n`(\d{3})`(?::\n\n```json\n(.*?)```)?", re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A curl command, the status it is to give, and an answer of the same shape, if any."""

    command: str
    status: int
    answer: Any


EXAMPLES = [
    Example(command, int(status), json.loads(answer) if answer else None)
    for command, status, answer in _EXAMPLE.findall(_TEXT)
]


class TestTheRoutes:
    def test_the_document_has_every_route_of_the_api_and_no_other(self) -> None:
        documented = re.findall(r"^### `([A-Z]+ /\S+)`$", _TEXT, flags=re.MULTILINE)
        paths = DOCUMENT["paths"]
        routes = [f"{method.upper()} {path}" for path, ways in paths.items() for method in ways]
        assert sorted(documented) == sorted(routes)

    def test_every_route_has_an_example(self) -> None:
        sections = re.split(r"^### ", _TEXT, flags=re.MULTILINE)[1:]
        assert [one.split("\n")[0] for one in sections if not _EXAMPLE.search(one)] == []


class TestTheExamples:
    async def test_each_gives_what_the_document_says(
        self, api: httpx.AsyncClient, database: Database
    ) -> None:
        """In the order of the document, as somebody would try them out."""
        learnt = {"KEY": OPERATOR_KEY, "API": ""}
        for example in EXAMPLES:
            answer = await _send(api, example.command, learnt)
            assert answer.status_code == example.status, (example.command, answer.text)
            if answer.content and "json" in answer.headers["content-type"]:
                _learn(learnt, answer.json())
            if example.answer is not None:
                shown = _objects(example.answer)
                for place, fields in _objects(answer.json()).items():
                    assert shown[place] == fields, (example.command, place)
            if "/v1/events " in f"{example.command} ".replace('"', " "):
                planned = await database.write(plan_event, example_event().event_id, _NOW)
                learnt["DELIVERY"] = planned.deliveries[0].delivery_id
                await database.write(acceptance.accept, _failed_delivery(), _NOW)
                learnt["DEADLETTER"] = await _dead_letter(database, learnt["DELIVERY"])

    def test_there_are_as_many_as_curl_commands(self) -> None:
        assert len(EXAMPLES) == _TEXT.count("curl ")


class TestTheNumbers:
    def test_every_error_is_listed(self) -> None:
        listed = re.findall(r"^\| (\d{3}) \| `/problems/(\S+)` \|", _TEXT, flags=re.MULTILINE)
        general = {(status, kind) for status, (kind, _) in problems.TITLES.items()}
        raised = set(problems._STATUS.values())
        assert {(int(status), kind) for status, kind in listed} == (general | raised) - {
            (503, "unavailable")
        }

    def test_the_tiers_are_the_code_s(self) -> None:
        def word(on: bool) -> str:
            return "on" if on else "off"

        for tier, has in TIERS.items():
            cells = [word(has.webhook_enabled), word(has.sms_enabled), word(has.sms_fallback)]
            cells += [str(has.most_endpoints), str(has.requests_per_minute)]
            cells += ["yes" if has.event_filters else "no", str(has.most_custom_headers)]
            assert f"| `{tier}` | {' | '.join(cells)} |" in _TEXT

    def test_the_variables_of_texts_are_the_code_s(self) -> None:
        rows = re.findall(r"^\| `\{(\w+)\}` \| (.+?) \| (.+?) \|$", _TEXT, flags=re.MULTILINE)
        assert rows == [(one.name, one.meaning, _when(one)) for one in VARIABLES]

    def test_the_limits_are_the_code_s(self) -> None:
        assert f"over {MOST_BYTES // 1024} KiB, or {MOST_BATCH_BYTES // 1024} KiB" in _TEXT


@pytest.fixture
async def api(
    temporal: WorkflowEnvironment, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """The API at a time when the example event has just happened."""
    app = create_app(lambda: pytest.fail("never opened"))
    gateway = Gateway(temporal.client, RetrySchedule(), task_queue="docs")
    app.state.parts = make_parts(database, gateway, lambda: _NOW)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://doorstep.test") as client:
        yield client


def _failed_delivery() -> TrackingEvent:
    """A delivery that has failed just now."""
    failed = a_failed_delivery("ORD-20261123-0042", _NOW)
    return failed.model_copy(update={"partner_id": "chai-point"})


async def _dead_letter(database: Database, delivery_id: str) -> str:
    """Make a delivery a dead letter; gives its id."""
    dead_letter = RecordDeadLetter(delivery_id, DeadLetterReason.EXHAUSTED, "http_503")
    await database.write(record_dead_letter, dead_letter, _NOW)
    rows = select(DeadLetterRow.id).where(col(DeadLetterRow.delivery_id) == delivery_id)
    return await database.read(lambda session: session.exec(rows).one())


async def _send(api: httpx.AsyncClient, command: str, learnt: Mapping[str, str]) -> httpx.Response:
    """Do what a curl command does."""
    filled = re.sub(r"\$([A-Z]+)", lambda match: learnt[match[1]], command)
    words = shlex.split(filled.replace("\\\n", " "))
    assert words.pop(0) == "curl"
    method, url, headers, body = "GET", "", {}, None
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = _body(words.pop(0))
        else:
            assert not word.startswith("-"), word
            url = word
    return await api.request(method, url, headers=headers, content=body)


def _body(given: str) -> bytes:
    return Path(ROOT / given[1:]).read_bytes() if given.startswith("@") else given.encode()


def _learn(learnt: dict[str, str], answer: Any) -> None:
    """Remember the ids that later examples name."""
    for prefix, name in _LEARNT:
        if isinstance(answer, dict) and str(answer.get("id")).startswith(prefix):
            learnt[name] = answer["id"]


def _when(variable: Variable) -> str:
    """For which types of event a variable is there, and whether always."""
    types = [f"`{kind}`" for kind in EventType if kind in (variable.event_types or ())]
    missing = "; may be missing" if variable.may_be_missing else ""
    return (", ".join(types) or "every type") + missing


def _objects(value: Any, place: str = "") -> dict[str, set[str]]:
    """The field names of every object in an answer, by where it stands; lists count as one."""
    if isinstance(value, Mapping):
        found = {place: set(value)}
        for name, inner in value.items():
            found |= _objects(inner, f"{place}.{name}")
        return found
    if isinstance(value, Sequence) and not isinstance(value, str):
        found = {}
        for item in value:
            found |= _objects(item, f"{place}[]")
        return found
    return {}
