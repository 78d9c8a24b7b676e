"""What docs/instructions.md tells the OMS's developers to run works with what we post."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from contracts.clock import utc_now
from contracts.instructions.posts import OmsWebhook
from contracts.payload.signature import new_secret
from tests.deployment.deployment_files import DOCS, code_blocks
from tests.partner_guide.conftest import listens
from tests.support.instructions import Counter, a_failed_delivery, ended
from tests.support.parts import OPERATOR_KEY
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

SECRET = new_secret()


async def test_it_takes_and_decides_what_is_asked_for(
    stack: Stack, tmp_path: Path, unused_tcp_port: int
) -> None:
    [code] = code_blocks((DOCS / "instructions.md").read_text(), "python")
    (tmp_path / "receiver.py").write_text(code)
    shelf, now = Shelf(stack.database), utc_now()
    await shelf.add_partner()
    event = a_failed_delivery(at=now)
    await shelf.accept(event, now=now)
    await shelf.take_out(event.event_id)
    async with stack.called_by_twilio() as api:
        environment = {
            **os.environ,
            "OMS_SECRET": SECRET,
            "DOORSTEP": api,
            "KEY": OPERATOR_KEY,
            "PORT": str(unused_tcp_port),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(tmp_path / "receiver.py"), env=environment, stdout=PIPE
        )
        assert process.stdout is not None
        try:
            await eventually(lambda: listens(unused_tcp_port), ignoring=OSError)
            oms = OmsWebhook(f"http://127.0.0.1:{unused_tcp_port}/instructions", SECRET)
            async with stack.worker(oms=oms), asyncio.timeout(60):
                first = await Counter(shelf).give("hold", now=utc_now())
                assert (await process.stdout.readline()).decode() == f"rejected {first.id}\n"
                second = await Counter(shelf).give("return", now=utc_now())
                assert (await process.stdout.readline()).decode() == f"accepted {second.id}\n"
                await ended(stack)
        finally:
            process.terminate()
            await process.wait()
