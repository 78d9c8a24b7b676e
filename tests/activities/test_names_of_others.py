"""Names that hang are their owners' trouble: the neighbours' webhooks arrive at once."""

import asyncio
import socket
from collections import Counter
from contextlib import aclosing

from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from contracts.delivery.verdicts import Answer, NoAnswer
from resolver import NameLookUps
from sandbox.merchant import Merchant
from tests.activities.test_webhook_sender import ready
from tests.support.dns import name_server
from tests.support.parts import LOOPBACK

HANGING = ("one.hanging.example", "two.hanging.example")
HEALTHY = tuple(f"shop-{number}.example" for number in range(36))
ATTEMPTS_OF_EACH = 60


async def test_two_endpoints_whose_names_hang_cost_thirty_six_others_nothing() -> None:
    known = {name: [["127.0.0.1"]] for name in HEALTHY}
    with name_server(known, silent=HANGING) as server:
        look_ups = NameLookUps([server.address])
        sender = WebhookSender.guarded(LOOPBACK, look_ups)
        async with Merchant() as merchant, aclosing(look_ups), aclosing(sender):

            def post(host: str) -> asyncio.Task[Answer]:
                url = merchant.url.replace("127.0.0.1", host)
                return asyncio.create_task(sender.post(ready(url), utc_now()))

            hanging = [post(host) for host in HANGING for _ in range(ATTEMPTS_OF_EACH)]
            healthy = await asyncio.gather(*(post(host) for host in HEALTHY))
            still_hanging = sum(not one.done() for one in hanging)
            ended = await asyncio.gather(*hanging)
    assert Counter(one.code for one in healthy) == {"http_200": len(HEALTHY)}
    assert still_hanging == len(hanging), "the neighbours waited for them"
    assert Counter(one.code for one in ended) == {NoAnswer.DNS: len(hanging)}
    assert len([name for name in server.asked if name in HANGING]) < len(hanging)


async def test_our_own_name_server_s_silence_has_a_code_of_its_own() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        look_ups = NameLookUps([f"127.0.0.1:{silent.getsockname()[1]}"], time_limit=0.3)
        async with aclosing(look_ups), aclosing(WebhookSender.guarded(LOOPBACK, look_ups)) as one:
            answer = await one.post(ready("https://shop.example/hook"), utc_now())
    assert answer.code == NoAnswer.RESOLVER
