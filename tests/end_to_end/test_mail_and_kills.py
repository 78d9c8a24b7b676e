"""A worker killed at each step of an e-mail: nobody ever gets the same one twice, and whoever
certainly got none gets it from the next worker."""

import signal
import subprocess
from contextlib import ExitStack

import pytest
from temporalio.testing import WorkflowEnvironment

from contracts.clock import utc_now
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageState
from store.tables import NotificationMessageRow
from tests.support.locks import locked, somebody_waits
from tests.support.notifications import messages_of, somebody, tell
from tests.support.pausing_mail_server import PausingMailServer, Step
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.worker_process import worker_process

pytestmark = pytest.mark.extended

SENT, UNKNOWN = MessageState.SENT, MessageState.UNKNOWN


class Scene:
    """One person who is told something, a worker that is killed, and the one that follows."""

    def __init__(self, stack: Stack, temporal: WorkflowEnvironment, box: PausingMailServer) -> None:
        self.shelf = Shelf(stack.database)
        self._temporal, self._box = temporal, box
        self._processes = ExitStack()

    async def begin(self) -> "subprocess.Popen[bytes]":
        """Tell somebody; a worker begins to send it, until the mail server stops."""
        await self.shelf.add_partner()
        await somebody(self.shelf)
        await tell(self.shelf, NotificationKind.KEY_CHANGED, utc_now())
        process = self._worker()

        async def is_there() -> bool:
            return self._box.reached.is_set()

        await eventually(is_there, timeout=90)
        return process

    async def end(self) -> NotificationMessageRow:
        """The next worker ends it; gives the message."""
        self._box.go_on.set()
        self._worker()
        [message] = await eventually(
            lambda: messages_of(self.shelf), lambda seen: bool(seen[0].settled_at), timeout=90
        )
        self._processes.close()
        return message

    async def message(self) -> NotificationMessageRow:
        """The message as it is."""
        [message] = await messages_of(self.shelf)
        return message

    def _worker(self) -> "subprocess.Popen[bytes]":
        settings = {
            "DOORSTEP_SMTP_HOST": "127.0.0.1",
            "DOORSTEP_SMTP_PORT": str(self._box.port),
            "DOORSTEP_SMTP_TLS": "none",
            "DOORSTEP_MAIL_FROM": "tracking@doorstep.example",
            "DOORSTEP_PUBLIC_URL": "https://doorstep.example",
        }
        url = self.shelf.database.url
        return self._processes.enter_context(worker_process(self._temporal, url, **settings))


def kill(process: "subprocess.Popen[bytes]") -> None:
    """As a crash does: nothing is tidied up."""
    process.send_signal(signal.SIGKILL)
    process.wait()


async def test_before_the_claim_the_next_worker_sends_it(
    shared_queue_stack: Stack, temporal: WorkflowEnvironment
) -> None:
    async with PausingMailServer(Step.READY) as box:
        scene = Scene(shared_queue_stack, temporal, box)
        kill(await scene.begin())
        message = await scene.end()
    assert (message.state, len(box.taken)) == (SENT, 1)


async def test_while_it_claims_the_next_worker_sends_it(
    shared_queue_stack: Stack, temporal: WorkflowEnvironment
) -> None:
    async with PausingMailServer(Step.READY) as box:
        scene = Scene(shared_queue_stack, temporal, box)
        process = await scene.begin()
        async with locked(scene.shelf, (NotificationMessageRow, (await scene.message()).id)):
            box.go_on.set()
            await somebody_waits(scene.shelf)
            kill(process)
        message = await scene.end()
    assert (message.state, len(box.taken)) == (SENT, 1)


async def test_after_the_claim_nobody_sends_it_again(
    shared_queue_stack: Stack, temporal: WorkflowEnvironment
) -> None:
    async with PausingMailServer(Step.BODY) as box:
        scene = Scene(shared_queue_stack, temporal, box)
        process = await scene.begin()
        await eventually(scene.message, lambda seen: seen.claimed_at is not None)
        kill(process)
        message = await scene.end()
    assert message.state is UNKNOWN
    assert len(box.taken) <= 1, "a server may find in its buffer what was sent before the kill"


async def test_after_the_body_nobody_sends_it_again(
    shared_queue_stack: Stack, temporal: WorkflowEnvironment
) -> None:
    async with PausingMailServer(Step.ANSWER) as box:
        scene = Scene(shared_queue_stack, temporal, box)
        kill(await scene.begin())
        message = await scene.end()
    assert (message.state, message.code, len(box.taken)) == (UNKNOWN, "interrupted", 1)


async def test_after_the_answer_nobody_sends_it_again(
    shared_queue_stack: Stack, temporal: WorkflowEnvironment
) -> None:
    async with PausingMailServer(Step.ANSWER) as box:
        scene = Scene(shared_queue_stack, temporal, box)
        process = await scene.begin()
        async with locked(scene.shelf, (NotificationMessageRow, (await scene.message()).id)):
            box.go_on.set()
            await somebody_waits(scene.shelf)
            kill(process)
        message = await scene.end()
    assert (message.state, message.code, len(box.taken)) == (UNKNOWN, "interrupted", 1)
