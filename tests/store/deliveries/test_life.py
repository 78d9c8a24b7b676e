"""Whatever happens to deliveries, in whatever order, the rules of their life hold."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from contracts.delivery.states import Channel, DeliveryState
from store.db.database import Database
from tests.support.delivery_attempts import Delivery
from tests.support.delivery_life import Life, a_shop
from tests.support.delivery_machine import DeliveryLife
from tests.support.postgres import Rows


@pytest.fixture
async def shop(database: Database) -> Rows:
    return await a_shop(database)


@pytest.fixture
def life(database: Database, shop: Rows) -> Iterator[Life]:
    """The life of one webhook and one text."""
    life = Life(database, shop)
    life.accept()
    yield life
    life.close()


@pytest.fixture
def webhook(life: Life) -> Delivery:
    [one] = [one for one in life.deliveries if one.channel is Channel.WEBHOOK]
    return one


@pytest.fixture
def dead_text(life: Life) -> Delivery:
    """A text of which nobody can tell whether it was sent."""
    [one] = [one for one in life.deliveries if one.channel is Channel.SMS]
    life.end_round(one, "nothing")
    return one


def live(database: Database, shop: Rows, *, lives: int, steps: int, number: int) -> None:
    """So many lives; another number, other lives."""

    @seed(number)
    def machine() -> DeliveryLife:
        return DeliveryLife(Life(database, shop))

    run_state_machine_as_test(
        machine,  # type: ignore[arg-type]
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # looking for a shorter life would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_rule_is_broken(database: Database, shop: Rows) -> None:
    live(database, shop, lives=10, steps=50, number=0)


@pytest.mark.extended
@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(1, 9))
def test_no_rule_is_broken_in_two_thousand_lives(
    database: Database, shop: Rows, number: int
) -> None:
    live(database, shop, lives=250, steps=8, number=number)


class TestWhatWasBrokenOnce:
    def test_a_late_signal_does_not_send_what_was_discarded(
        self, life: Life, webhook: Delivery
    ) -> None:
        life.end_round(webhook, "503")
        life.ask(webhook)
        life.discard(webhook)
        life.arrive(webhook)

    def test_a_late_signal_does_not_send_what_has_expired(
        self, life: Life, webhook: Delivery
    ) -> None:
        life.end_round(webhook, "503")
        life.ask(webhook)
        life.expire(webhook)
        life.arrive(webhook)

    def test_a_late_signal_does_not_send_what_was_delivered(
        self, life: Life, webhook: Delivery
    ) -> None:
        life.begin(webhook)
        life.ask(webhook)
        life.answer(webhook, "200")
        life.arrive(webhook)

    def test_a_late_signal_leaves_alone_what_was_skipped(
        self, life: Life, webhook: Delivery
    ) -> None:
        life.ask(webhook)
        life.erase(webhook.event_id)
        life.switch_partner(paused=True)
        life.arrive(webhook)

    @pytest.mark.parametrize("status", ["503", "410"])
    def test_a_resend_that_fails_leaves_it_delivered(
        self, life: Life, webhook: Delivery, status: str
    ) -> None:
        life.end_round(webhook, "200")
        life.ask(webhook, resend=True)
        life.arrive(webhook)
        life.end_round(webhook, status)
        assert life.row(webhook).state is DeliveryState.DELIVERED

    def test_a_dead_letter_that_is_recorded_again_stays_discarded(
        self, life: Life, webhook: Delivery
    ) -> None:
        life.begin(webhook)
        life.answer(webhook, "410")
        life.record(webhook, heard=False)
        life.discard(webhook)
        life.record(webhook)

    @pytest.mark.parametrize("code", [30003, 21610], ids=["held", "skipped"])
    def test_a_callback_that_ends_a_dead_letter_closes_it(
        self, life: Life, dead_text: Delivery, code: int
    ) -> None:
        life.hear(dead_text, "undelivered", code)

    def test_a_callback_leaves_alone_what_was_discarded(
        self, life: Life, dead_text: Delivery
    ) -> None:
        life.discard(dead_text)
        life.hear(dead_text, "undelivered", 30003)
