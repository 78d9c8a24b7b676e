"""A merchant behind a real nginx: its limits and reloads cost no event, and none arrives twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from resolver import NameLookUps
from tests.peers.nginx_server import CountingApp, Nginx
from tests.support.parts import LOOPBACK
from tests.support.waiting import eventually
from tests.support.webhooks import ready_for

pytestmark = [pytest.mark.extended, pytest.mark.timeout(600)]
EVENTS = 2_000
AT_ONCE = 20


class Merchant:
    """nginx, its application, and the sender that posts to it."""

    def __init__(self, nginx: Nginx, app: CountingApp, sender: WebhookSender) -> None:
        self.nginx, self.app = nginx, app
        self.codes: Counter[str] = Counter()
        self._sender = sender

    async def post(self, events: int) -> None:
        """Post so many events once each, twenty at a time, back to back."""
        numbers = iter(range(events))
        await asyncio.gather(*(self._post_on(numbers) for _ in range(AT_ONCE)))

    async def _post_on(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            ready = ready_for(self.nginx.url, f"evt-{number}")
            self.codes[(await self._sender.post(ready, utc_now())).code] += 1

    async def reload_five_times(self) -> None:
        """Each when a sixth more of the events has been answered."""
        for step in range(1, 6):
            await eventually(partial(self._answered, EVENTS * step // 6), timeout=300)
            self.nginx.reload()

    async def _answered(self, count: int) -> bool:
        return self.codes.total() >= count


Open = Callable[[str, float], Awaitable[Merchant]]


@pytest.fixture
async def nginx(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Open]:
    """Opens a merchant behind nginx with these limits and an application of this pace."""
    async with AsyncExitStack() as stack:

        async def opened(limits: str, pause_s: float) -> Merchant:
            app = CountingApp(pause_s)
            server = Nginx(tmp_path, unused_tcp_port, await app.start(), limits)
            stack.push_async_callback(app.stop)
            await server.start()
            stack.push_async_callback(server.stop)
            sender = WebhookSender.guarded(LOOPBACK, NameLookUps(), str(server.ca_file))
            stack.push_async_callback(sender.aclose)
            return Merchant(server, app, sender)

        yield opened


def once_each(events: int) -> Counter[str]:
    """What the application has received when nothing was lost and nothing came twice."""
    return Counter({f"evt-{number}": 1 for number in range(events)})


@pytest.mark.parametrize(
    ("limits", "events", "pause_s"),
    [
        ("keepalive_requests 1;", 200, 0.0),  # a handshake for each
        ("keepalive_requests 20;", 500, 0.0),
        ("keepalive_requests 20;", 500, 0.05),
        ("", EVENTS, 0.0),  # nginx's own limit is 1,000 a connection
    ],
)
async def test_its_limits(nginx: Open, limits: str, events: int, pause_s: float) -> None:
    merchant = await nginx(limits, pause_s)
    await merchant.post(events)
    assert merchant.codes == {"http_200": events}
    assert merchant.app.received == once_each(events)


@pytest.mark.parametrize("pause_s", [0.0, 0.05], ids=["quick", "slow"])
async def test_reloads_under_way(nginx: Open, pause_s: float) -> None:
    merchant = await nginx("", pause_s)
    await asyncio.gather(merchant.post(EVENTS), merchant.reload_five_times())
    assert merchant.codes == {"http_200": EVENTS}
    assert merchant.app.received == once_each(EVENTS)
