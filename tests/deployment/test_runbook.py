"""docs/runbook.md: every state, number, query and command in it is one of the code's."""

import re
import subprocess
from datetime import timedelta
from enum import StrEnum

import pytest
import yaml
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from commands.temporal_server import KEEP_CLOSED
from contracts.access.identity_provider import IdentityRefusal
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import (
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
from contracts.notifications.messages import MessageState
from contracts.outcomes.objective import TARGET, DueState
from contracts.sms.relevance import USEFUL_FOR
from dispatch.gateway import Gateway
from store.dead_letters.record import KEPT_FOR
from store.events.outbox import Startable
from store.retries.manual import MOST_TEXTS
from store.sms.callbacks import NEWS_WITHIN, ONCE_MORE_AFTER
from store.sms.suspensions import PROBE_EVERY
from temporal_worker import GRACE
from tests.deployment.deployment_files import (
    DOCS,
    ROOT,
    alert_rules,
    code_blocks,
    metrics_named_in_the_runbook,
    services,
)
from tests.deployment.served_metrics import BY_ROUTE, METRICS, samples
from tests.support.temporal import temporal_binary
from tests.support.waiting import eventually
from tests.workflows.bench import serving
from tests.workflows.fake_activities import EXHAUSTED, HELD, FakeActivities, webhook
from workflows import search_attributes

_TEXT = (DOCS / "runbook.md").read_text()
_ONE_LINE = " ".join(_TEXT.split())
_LOGGING = [
    file
    for package in ("activities", "background", "dispatch", "store")
    for file in (ROOT / package).rglob("*.py")
]
"""The code that logs what is away."""


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
            ("Notifications", MessageState),
            ("Somebody is refused by the identity provider's word", IdentityRefusal),
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
        [sentence] = re.findall(r"A dead letter is closed with `resolution` .*?\.", _ONE_LINE)
        assert set(re.findall(r"`(\w+)`", sentence)) - {"resolution"} == set(DeadLetterResolution)

    def test_it_has_the_search_attributes_with_their_types(self) -> None:
        kinds = {"KEYWORD": "Keyword", "KEYWORD_LIST": "KeywordList"}
        for key in search_attributes.ALL:
            kind = kinds[key.indexed_value_type.name]
            assert f"| `{key.name}` | {kind} |" in _TEXT

    def test_its_numbers_are_the_code_s(self) -> None:
        text = _ONE_LINE
        assert f"waits up to {GRACE.total_seconds():g} s for the attempts" in text
        assert f"is {KEPT_FOR.days} days after it was made" in text
        assert f"forget a workflow {KEEP_CLOSED.days} days after its end" in text
        assert services()["temporal-namespace"]["environment"]["RETENTION"] == (
            f"{KEEP_CLOSED.days}d"
        )
        for kind, useful in USEFUL_FOR.items():
            assert f"`{kind}` {useful // timedelta(hours=1)} h" in text
        assert f"sent once more, {ONCE_MORE_AFTER // timedelta(minutes=1)} minutes later" in text
        assert f"nothing was heard for {NEWS_WITHIN // timedelta(hours=1)} h" in text
        assert f"or went out {MOST_TEXTS} times already" in text
        assert timedelta(minutes=1) == PROBE_EVERY
        assert "every minute one SMS is tried" in text
        [most] = re.findall(
            r"max_connections=(\d+)", (ROOT / "docker-compose.temporal.yml").read_text()
        )
        assert f"allows {most} in all" in text

    def test_it_shows_every_published_address(self) -> None:
        for service in services().values():
            for port in service.get("ports", []):
                assert f"| {port.rpartition(':')[0]} |" in _TEXT


def _missed_over(window: str) -> str:
    """The share of webhooks that missed the objective in a while."""
    late = f'sum(sum_over_time(doorstep_webhooks_due{{state!="in_time"}}[{window}]))'
    return f"{late} / sum(sum_over_time(doorstep_webhooks_due[{window}]))"


class TestItsMetrics:
    def test_every_metric_that_it_names_exists(self) -> None:
        named = {one for one in metrics_named_in_the_runbook() if not one.startswith("temporal_")}
        assert len(named) > 15
        assert named <= set(samples()) | METRICS

    def test_every_metric_is_in_the_table_with_its_labels(self) -> None:
        rows = re.findall(r"^\| `(doorstep_\w+)` \|(.*?)\| \w", _TEXT, flags=re.MULTILINE)
        listed = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
        assert set(listed) == METRICS
        for name, labels in samples().items():
            base = re.sub(r"_(bucket|count|sum)$", "", name)
            if base in listed and labels:
                assert set(labels) - {"le"} == listed[base], name

    def test_its_alerts_ask_for_labels_and_values_that_exist(self) -> None:
        known = samples()
        asked = re.findall(r"\b(doorstep_\w+)\{(.*?)\}", _TEXT)
        assert len(asked) > 5
        for name, matchers in asked:
            for label, value in re.findall(r'(\w+)="(.*?)"', matchers):
                assert label in known[name] or name in BY_ROUTE, (name, label)
                assert value in known[name].get(label, {value}), (name, value)

    def test_the_objectives_alerts_ask_for_its_share_over_a_long_and_a_short_while(self) -> None:
        share = f"{1 - TARGET:.3f}"
        for factor, long, short in (("14.4", "1h", "5m"), ("6", "6h", "30m")):
            both = " and ".join(
                f"{_missed_over(one)} > {factor} * {share}" for one in (long, short)
            )
            assert both in [rule["expr"] for rule in alert_rules()]
        assert DueState.IN_TIME in samples()["doorstep_webhooks_due"]["state"]

    def test_every_alert_says_how_urgent_it_is_what_it_means_and_what_to_do(self) -> None:
        rules = alert_rules()
        assert len(rules) == len({rule["alert"] for rule in rules}) > 20
        for rule in rules:
            assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
            assert set(rule["annotations"]) == {"summary", "action"}, rule["alert"]

    def test_every_job_that_its_alerts_ask_for_is_scraped_where_the_compose_file_serves_it(
        self,
    ) -> None:
        asked = {job for rule in alert_rules() for job in re.findall(r'job="(.*?)"', rule["expr"])}
        jobs = yaml.safe_load((ROOT / "deploy" / "prometheus" / "scrape.yml").read_text())
        scraped = {job["job_name"]: job["dns_sd_configs"][0] for job in jobs["scrape_configs"]}
        assert asked <= set(scraped)
        for found in scraped.values():
            [service] = found["names"]
            ports = services()[service]["environment"].values()
            assert str(found["port"]) in ports


class TestItsLogLines:
    def test_what_is_said_once_is_said_so_in_the_code(self) -> None:
        section = _TEXT.split("### Once when something goes, once when it returns\n")[1]
        quoted = re.findall(r"`([^`]+)`", section.split("\n## ")[0])
        lines = [one for one in quoted if not one.startswith("/")]
        pieces = [part.strip(" ,:") for line in lines for part in line.split("…")]
        code = "".join(file.read_text() for file in _LOGGING)
        assert len(lines) >= 14
        assert [piece for piece in pieces if piece not in code] == []


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


class TestItsViews:
    """The saved queries, each over workflows of all kinds of a partner."""

    async def test_each_finds_what_it_is_named_after(self, temporal: WorkflowEnvironment) -> None:
        client, views = temporal.client, _views()
        held, failed = FakeActivities(webhook("w")), FakeActivities(webhook("w"))
        held.answers("w", HELD)
        failed.answers("w", EXHAUSTED)
        unknown = FakeActivities()
        unknown.plan_failures = [ApplicationError("unknown", non_retryable=True)]
        ended = []
        for fake in (held, failed, unknown):
            async with serving(client, fake) as bench:
                await bench.start()
                await bench.ended_as()
                ended.append(bench.event_id)
        async with serving(client, FakeActivities(webhook())) as idle:
            pass
        await idle.start()  # nobody serves it any more
        for view, event_id in (
            ("On hold", ended[0]),
            ("A partner's updates on hold", ended[0]),
            ("Failed updates", ended[1]),
            ("A partner's failed updates", ended[1]),
            ("Failed workflows, which the reconciler starts again", ended[2]),
            ("Under way, the oldest last", idle.event_id),
            ("Stuck: under way since before a moment", idle.event_id),
        ):
            query = views.pop(view).replace("chai-point", "shop").replace("2026-11", "2126-11")
            await _finds(client, f'{query} AND WorkflowId = "event/{event_id}"')
        await idle.handle.terminate()
        query = views.pop("Ended by ops")
        await _finds(client, f'{query} AND WorkflowId = "event/{idle.event_id}"')
        await client.count_workflows(views.pop("Recoveries under way"))
        assert views == {}


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


def _views() -> dict[str, str]:
    """The saved queries by their names."""
    section = _TEXT.split("## Find something in the Temporal UI\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| ([^|]+) \| `([^`]+)` \|$", section, re.MULTILINE))


def _queries() -> list[str]:
    [block] = code_blocks(_TEXT, "sql")
    return block.splitlines()
