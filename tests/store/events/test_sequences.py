"""The count of an order's events, when several who give numbers meet."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import Session

from contracts.payload.events import TrackingEvent
from store.db.database import Database
from store.events.sequences import next_sequences
from tests.support.factories import make_groups, make_order
from tests.support.shelf import an_event

ROUNDS = 40


def of(order_id: str, sequence: int | None = None) -> TrackingEvent:
    data = make_groups(order=make_order(order_id=order_id))
    return an_event(data=data, sequence=sequence)


async def test_two_batches_with_their_orders_the_other_way_round_never_lock_each_other_out(
    database: Database,
) -> None:
    """One has a number of the sender's own for A and counts B, the other counts A; both are new."""
    together = threading.Barrier(2)

    def give(engine: Engine, own: str, counted: str) -> None:
        for number in range(1, ROUNDS + 1):
            together.wait(10)
            with Session(engine) as session, session.begin():
                next_sequences(session, [of(f"{own}{number}", 1), of(f"{counted}{number}")])

    with ThreadPoolExecutor(2) as threads:
        giving = [
            threads.submit(give, database.engine, own, counted)
            for own, counted in (("A", "B"), ("B", "A"))
        ]
        for one in giving:
            one.result()
