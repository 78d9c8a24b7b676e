"""docs/api.md: every error and every limit is in it, and its walk through the API works."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from api import problems
from api.middleware.body_limit import MOST_BATCH_BYTES, MOST_BYTES
from contracts.clock import utc_now
from contracts.delivery.retry import RetrySchedule
from contracts.payload.events import EventType
from contracts.sms.variable_table import VARIABLES, Variable
from contracts.tiers import TIERS
from dispatch.gateway import Gateway
from store.db.database import Database
from store.deliveries.planning import plan_event
from tests.deployment.curl import examples_in, send
from tests.deployment.deployment_files import DOCS
from tests.support.bare_app import BARE_APP
from tests.support.parts import OPERATOR_KEY, make_parts

_TEXT = (DOCS / "api.md").read_text()
_NOW = "$(date -u +%FT%TZ)"


class TestTheWalk:
    async def test_each_step_gives_what_the_document_says(
        self, api: httpx.AsyncClient, database: Database
    ) -> None:
        """In the order of the document, as somebody would try them out."""
        variables = {"KEY": OPERATOR_KEY, "API": "", "URL": "https://hooks.chaipoint.example/in"}
        steps = list(examples_in(_TEXT))
        for step in steps:
            command = step.command.replace(_NOW, utc_now().isoformat())
            answer = await send(api, command, variables)
            assert answer.status_code == step.status, (command, answer.text)
            body: dict[str, Any] = answer.json()
            assert step.answer in (None, body)
            if "event_id" in body and "deliveries" not in body:
                await database.write(plan_event, body["event_id"], utc_now())
            for delivery in body.get("deliveries", []):
                variables["DELIVERY"] = delivery["id"]
        assert len(steps) == _TEXT.count("curl ")


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
            texts = "off: they wait for the owner's yes" if has.sms_offered else "off"
            cells = [word(has.webhook_enabled), texts, word(has.sms_fallback)]
            cells += [word(has.tracking_enabled)]
            cells += [str(has.most_endpoints), str(has.requests_per_minute)]
            cells += ["yes" if has.event_filters else "no", str(has.most_custom_headers)]
            assert f"| `{tier}` | {' | '.join(cells)} |" in _TEXT

    def test_the_limits_are_the_code_s(self) -> None:
        assert f"over {MOST_BYTES // 1024} KiB, or {MOST_BATCH_BYTES // 1024} KiB" in _TEXT

    def test_the_variables_of_texts_are_the_code_s(self) -> None:
        texts = (DOCS / "texts.md").read_text()
        rows = re.findall(r"^\| `\{(\w+)\}` \| (.+?) \| (.+?) \|$", texts, flags=re.MULTILINE)
        assert rows == [(one.name, one.meaning, _when(one)) for one in VARIABLES]


@pytest.fixture
async def api(
    temporal: WorkflowEnvironment, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """The API with a real Temporal server behind it, and no worker."""
    app: FastAPI = BARE_APP
    app.state.parts = make_parts(
        database, Gateway(temporal.client, RetrySchedule(), task_queue="docs")
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://doorstep.test") as client:
        yield client
    await app.state.parts.keys.settle()


def _when(variable: Variable) -> str:
    """For which types of event a variable is there, and whether always."""
    types = [f"`{kind}`" for kind in EventType if kind in (variable.event_types or ())]
    missing = "; may be missing" if variable.may_be_missing else ""
    return (", ".join(types) or "every type") + missing
