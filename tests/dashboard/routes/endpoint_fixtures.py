"""What the tests of endpoints' pages share."""

from contracts.clock import utc_now
from contracts.delivery.messages import PostWebhook
from contracts.delivery.states import EndpointState
from contracts.delivery.verdicts import Answer
from store.deliveries import attempt_endings, attempts
from store.tables import EndpointRow
from tests.support.shelf import DELAYS, REQUEST, SCHEDULE, Shelf, an_event

LIST = "/p/shop/endpoints"
URL = "http://127.0.0.1:65535/hook"
SECRET = r"whsec_[\w+/=]+"


async def answered(
    shelf: Shelf, *statuses: int, is_test: bool = False, kind: str = "order_confirmed"
) -> None:
    """Deliveries of `shop` that were tried just now, with these answers."""
    now = utc_now()
    for status in statuses:
        event = an_event(kind, is_test=is_test)
        delivery_id = (await shelf.plan(event)).deliveries[0].delivery_id
        task = PostWebhook(event.event_id, delivery_id, 1, DELAYS)
        ready = await shelf.database.write(attempts.begin_attempt, task, now, REQUEST)
        assert isinstance(ready, attempts.ReadyAttempt)
        answer = Answer(f"http_{status}", status, excerpt=f"body of {status}", duration_ms=120)
        await shelf.database.write(
            attempt_endings.finish_attempt,
            attempt_endings.EndedAttempt(ready.attempt_id, answer, SCHEDULE),
            now,
        )


async def hold_two(shelf: Shelf, endpoint: EndpointRow) -> None:
    """Two deliveries that wait for this endpoint."""
    await shelf.change(EndpointRow, endpoint.id, state=EndpointState.PAUSED)
    for _ in range(2):
        [planned] = (await shelf.plan()).deliveries
        assert planned.delivery_id
    await shelf.change(EndpointRow, endpoint.id, state=EndpointState.ENABLED)
