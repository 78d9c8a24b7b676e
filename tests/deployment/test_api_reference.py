"""docs/api-reference.md: it is what the code gives, and every example in it works."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from jsonschema import Draft202012Validator
from temporalio.testing import WorkflowEnvironment
from twilio.request_validator import RequestValidator

from compatibility.reference import __main__ as reference
from compatibility.reference.examples import curl
from contracts import ids as examples
from contracts.clock import utc_now
from contracts.delivery.retry import RetrySchedule
from dispatch.gateway import Gateway
from sandbox.twilio import DEFAULT_AUTH_TOKEN
from store.db.database import Database
from tests.api.test_who_may_call import furnish
from tests.deployment.curl import send
from tests.deployment.deployment_files import ROOT
from tests.support.bare_app import BARE_APP
from tests.support.document import DOCUMENT
from tests.support.parts import OPERATOR_KEY, RULES, make_parts
from tests.support.postgres import Rows, all_rows, empty, restore
from tests.support.shelf import Shelf

PUBLIC_URL = "https://doorstep.example.com"
SCHEMAS = DOCUMENT["components"]["schemas"]
ROUTES = [
    pytest.param(method, path, operation, id=f"{method.upper()} {path}")
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
SHOWN = {
    "partner_id": examples.PartnerRef,
    "event_id": examples.EventRef,
    "order_id": examples.OrderRef,
    "endpoint_id": examples.EndpointRef,
    "delivery_id": examples.DeliveryRef,
    "instruction_id": examples.InstructionRef,
    "dead_letter_id": examples.DeadLetterRef,
    "recovery_id": examples.RecoveryRef,
    "suspension_id": examples.SuspensionRef,
    "opt_out_id": examples.OptOutRef,
    "key_id": examples.KeyRef,
    "sender": examples.SenderRef,
    "content_template_id": examples.ContentTemplateRef,
}
"""Whose example stands for which of the ids that are there."""
MAKES = {
    "POST /v1/partners": "partner_id",
    "POST /v1/events": "event_id",
    "POST /v1/events/batch": "event_id",
}
"""What a route makes under an id of the caller's: that one is not there before."""
_SIGNATURE = re.compile(r"(?<=X-Twilio-Signature: )[^\"]+")
_OCCURRED = re.compile(r'(?<="occurred_at": ")[^"]+')


@dataclass(frozen=True)
class Furnished:
    """The rows of a partner with one of everything, and their ids."""

    rows: Rows
    ids: Mapping[str, str]


class TestThePage:
    def test_it_is_what_the_code_gives(self) -> None:
        assert reference.main(["check"]) is None

    def test_a_page_that_is_not_is_found_and_written_anew(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reference, "ROOT", tmp_path)
        monkeypatch.setattr(reference, "PAGE", tmp_path / "page.md")
        assert reference.main(["check"])
        reference.main(["write"])
        assert reference.main(["check"]) is None
        reference.PAGE.write_text("something else")
        assert reference.main(["check"])

    def test_no_two_headings_have_one_address(self) -> None:
        text = reference.PAGE.read_text()
        headings = [one.lower() for one in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)]
        assert len(set(headings)) == len(headings)

    def test_make_check_looks_at_it(self) -> None:
        [recipe] = re.findall(r"^check:.*\n((?:\t.+\n)+)", (ROOT / "Makefile").read_text(), re.M)
        assert "$(BIN)/python -m compatibility.reference check\n" in recipe


@pytest.mark.parametrize(("method", "path", "operation"), ROUTES)
async def test_each_example_gives_what_is_documented(
    api: httpx.AsyncClient,
    furnished: Furnished,
    method: str,
    path: str,
    operation: dict[str, Any],
) -> None:
    command = curl(method, path, operation, SCHEMAS)
    assert command in reference.PAGE.read_text()
    mine = _with_what_is_there(command, furnished.ids, MAKES.get(f"{method.upper()} {path}"))
    answer = await send(api, mine, {"KEY": OPERATOR_KEY, "API": ""})
    status, documented = next(iter(operation["responses"].items()))
    assert answer.status_code == int(status), answer.text
    if "application/json" in documented.get("content", {}):
        schema = documented["content"]["application/json"]["schema"]
        whole = {**schema, "components": DOCUMENT["components"]}
        Draft202012Validator(whole).validate(answer.json())


@pytest.fixture(scope="module")
async def furnished(shared_database: Database) -> Furnished:
    """The partner, made once: each test has a copy."""
    ids, _ = await furnish(Shelf(shared_database), "shop")
    rows = all_rows(shared_database)
    empty(shared_database)
    return Furnished(rows, ids)


@pytest.fixture
def database(furnished: Furnished, shared_database: Database) -> Iterator[Database]:
    """The database with the partner."""
    restore(shared_database, furnished.rows)
    yield shared_database
    empty(shared_database)


@pytest.fixture
async def api(
    temporal: WorkflowEnvironment, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """The API with a real Temporal server behind it, and no worker."""
    gateway = Gateway(temporal.client, RetrySchedule(), task_queue="reference")
    BARE_APP.state.parts = make_parts(
        database, gateway, text_rules=replace(RULES, public_url=PUBLIC_URL)
    )
    transport = httpx.ASGITransport(BARE_APP)
    async with httpx.AsyncClient(transport=transport, base_url="http://doorstep.test") as client:
        yield client
    await BARE_APP.state.parts.keys.settle()


def _with_what_is_there(command: str, ids: Mapping[str, str], made: str | None) -> str:
    """The command with the ids of things that are there, a time of today, and where it is Twilio's
    a genuine signature."""
    for name, shown in SHOWN.items():
        if name != made:
            [example] = get_args(shown)[1].examples
            command = command.replace(example, ids[name])
    command = _OCCURRED.sub(utc_now().isoformat(), command)
    return _SIGNATURE.sub(lambda _: _signature_of(command), command)


def _signature_of(command: str) -> str:
    """Twilio's signature of a request, over the address as we know it and every field."""
    [url] = re.findall(r'"\$API([^"]+)"', command)
    [form] = re.findall(r"-d '([^']+)'", command)
    signed = RequestValidator(DEFAULT_AUTH_TOKEN).compute_signature(
        f"{PUBLIC_URL}{url}", dict(parse_qsl(form))
    )
    assert urlsplit(url).query
    return str(signed)
