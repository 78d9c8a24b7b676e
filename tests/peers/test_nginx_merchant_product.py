"""The whole product and a merchant behind a real nginx that reloads while events arrive."""

from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from activities.webhook_sender import WebhookSender
from resolver import NameLookUps
from tests.peers.nginx_server import CountingApp, Nginx
from tests.support.factories import make_event
from tests.support.parts import LOOPBACK
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.extended, pytest.mark.timeout(600)]
EVENTS, BATCH = 200, 20


async def test_reloads_cost_no_event_and_none_arrives_twice(
    stack: Stack, tmp_path: Path, unused_tcp_port: int
) -> None:
    app = CountingApp(pause_s=0.02)
    nginx = Nginx(tmp_path, unused_tcp_port, await app.start())
    await nginx.start()
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps(), str(nginx.ca_file))
    await stack.open_shop(nginx.url)
    sent: list[str] = []

    async def arrived(least: int) -> bool:
        return len(app.received) >= least

    async with stack.worker(sender=sender):
        for _ in range(EVENTS // BATCH):
            sent += [await stack.send(make_event()) for _ in range(BATCH)]
            await eventually(partial(arrived, len(sent) - BATCH + 1), timeout=120)
            nginx.reload()
        await eventually(partial(arrived, EVENTS), timeout=300)
        for event_id in sent:
            delivery = await stack.delivery(event_id, "delivered")
            assert [one["code"] for one in delivery["attempts"]] == ["http_200"]
    await nginx.stop()
    await app.stop()
    assert app.received == Counter(sent)
