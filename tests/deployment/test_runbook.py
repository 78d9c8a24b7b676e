"""docs/runbook.md: every state, number, query and command in it is one of the code's."""

import re
import subprocess
from datetime import timedelta
from enum import StrEnum

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from commands.temporal_server import KEEP_CLOSED
from contracts.retry import RetrySchedule
from contracts.sms.ages import USEFUL_FOR
from contracts.states import (
    AttemptState,
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    EndpointState,
    EventState,
    HoldReason,
    SkipReason,
    SmsState,
)
from dispatch.gateway import Gateway
from store.dead_letters import KEPT_FOR
from store.outbox import Startable
from store.sms.statuses import NEWS_WITHIN, ONCE_MORE_AFTER
from store.sms.stops import PROBE_EVERY
from tests.conftest import temporal_binary
from tests.deployment.deployment_files import DOCS, ROOT, code_blocks, services
from tests.support.waiting import eventually
from worker import GRACE
from workflows import search_attributes

_TEXT = (DOCS / "runbook.md").read_text()
_ONE_LINE = " ".join(_TEXT.split())


class TestItsWords:
    @pytest.mark.parametrize(
        ("section", "words"),
        [
            ("Events", EventState),
            ("Deliveries", DeliveryState),
            ("What a held delivery waits for", HoldReason),
            ("Why it was skipped", SkipReason),
            ("Why it is a dead letter", DeadLetterReason),
            ("Texts", SmsState),
            ("Attempts", AttemptState),
            ("Endpoints", EndpointState),
        ],
    )
    def test_each_table_has_every_word_and_no_other(
        self, section: str, words: type[StrEnum]
    ) -> None:
        table = _TEXT.split(f"### {section}\n")[1].split("\n#")[0]
        first_cells = re.findall(r"^\| (`.*?) \|", table, flags=re.MULTILINE)
        listed = [word for cell in first_cells for word in re.findall(r"`(\w+)`", cell)]
        assert sorted(listed) == sorted(words)

    def test_it_says_how_a_dead_letter_is_closed(self) -> None:
        said = {
            DeadLetterResolution.RETRIED,
            DeadLetterResolution.DELIVERED,
            DeadLetterResolution.EXPIRED,
        }
        unsaid = {DeadLetterResolution.DISCARDED}
        assert said | unsaid == set(DeadLetterResolution)
        assert "`resolution` `retried` when" in _ONE_LINE

    def test_what_it_says_nothing_sets_nothing_sets(self) -> None:
        """When something does, the runbook has to say what it means."""
        sources = [
            (ROOT / folder).rglob("*.py") for folder in ("store", "api", "activities", "workflows")
        ]
        code = "\n".join(file.read_text() for files in sources for file in files)
        assert not re.search(r"state\s*=\s*DeliveryState\.DISCARDED", code)

    def test_it_has_the_search_attributes_with_their_types(self) -> None:
        kinds = {"KEYWORD": "Keyword", "KEYWORD_LIST": "KeywordList"}
        for key in search_attributes.ALL:
            kind = kinds[key.indexed_value_type.name]
            assert f"| `{key.name}` | {kind} |" in _TEXT

    def test_its_numbers_are_the_code_s(self) -> None:
        text = _ONE_LINE
        assert f"waits up to {GRACE.total_seconds():g} s for the tries" in text
        assert f"is {KEPT_FOR.days} days after it was made" in text
        assert f"forget a workflow {KEEP_CLOSED.days} days after its end" in text
        assert services()["temporal-namespace"]["environment"]["RETENTION"] == (
            f"{KEEP_CLOSED.days}d"
        )
        for kind, useful in USEFUL_FOR.items():
            assert f"`{kind}` {useful // timedelta(hours=1)} h" in text
        assert f"sent once more, {ONCE_MORE_AFTER // timedelta(minutes=1)} minutes later" in text
        assert f"nothing was heard for {NEWS_WITHIN // timedelta(hours=1)} h" in text
        assert timedelta(minutes=1) == PROBE_EVERY
        assert "every minute one text tries" in text
        [most] = re.findall(
            r"max_connections=(\d+)", (ROOT / "docker-compose.temporal.yml").read_text()
        )
        assert f"allows {most} in all" in text

    def test_it_shows_every_published_address(self) -> None:
        for service in services().values():
            for port in service.get("ports", []):
                assert f"| {port.rpartition(':')[0]} |" in _TEXT


class TestItsQueries:
    async def test_temporal_understands_each(self, temporal: WorkflowEnvironment) -> None:
        for query in _queries():
            await temporal.client.count_workflows(query)

    async def test_they_find_a_workflow_that_runs(self, temporal: WorkflowEnvironment) -> None:
        event = Startable("runbook-1", "chai-point", "out_for_delivery", "ORD-20261122-7781", 3)
        await Gateway(temporal.client, RetrySchedule(), task_queue="nobody").start(event)
        try:
            for query in _queries():
                if "dead_lettered" not in query:
                    await _finds(temporal.client, query)
        finally:
            await temporal.client.get_workflow_handle("event/runbook-1").terminate()


class TestItsTemporalCommands:
    def test_the_cli_has_each_with_its_options(self) -> None:
        commands = re.findall(r"^ *(temporal .+)$", _TEXT, flags=re.MULTILINE)
        assert len(commands) == 3
        for command in commands:
            words = command.split()[1:]
            names = [word for word in words if word.startswith("--")]
            path = words[: words.index(names[0])]
            said = subprocess.run(
                [temporal_binary(), *path, "--help"], capture_output=True, text=True, check=True
            ).stdout
            assert f"temporal {' '.join(path)} [flags]" in said
            assert [name for name in names if f"{name} " not in said] == []


async def _finds(client: Client, query: str) -> None:
    """Wait until a query finds something: the visibility store follows a moment later."""

    async def look() -> int:
        return (await client.count_workflows(query)).count

    assert await eventually(look) >= 1


def _queries() -> list[str]:
    [block] = code_blocks(_TEXT, "sql")
    return block.splitlines()
