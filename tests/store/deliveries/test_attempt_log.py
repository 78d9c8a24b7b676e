"""An endpoint's attempts for people: pages, filters, and what a page costs."""

from contracts.delivery.states import AttemptState
from contracts.payload.events import EventType
from store.deliveries.attempt_log import AnswerKind, AttemptQuery, attempt_log
from tests.support.backlog import Backlog, make_backlog
from tests.support.query_plans import plans_of
from tests.support.shelf import Shelf


async def shown(backlog: Backlog, **asked: object) -> list[str]:
    """The events of the attempts that are shown, page by page, a page of two."""
    found, after = [], None
    for _ in range(9):
        page = await backlog.shelf.database.read(
            attempt_log,
            backlog.endpoint_id,
            AttemptQuery(**asked),  # type: ignore[arg-type]
            after=after,
            limit=2,
        )
        found += [one.event_id for one in page.attempts]
        after = page.after
        if after is None:
            return found
    raise AssertionError(f"it never ended, after {found}")


async def test_every_attempt_is_on_one_page_the_newest_first(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    for name, kind, status in (
        ("a", "delivered", 200),
        ("b", "delivered", 503),
        ("c", "order_confirmed", 503),
        ("d", "delivered", 404),
        ("e", "delivered", 503),
    ):
        await backlog.planned(name, event_type=kind)
        await backlog.answer(backlog.ids[name], status)
    assert await shown(backlog) == ["e", "d", "c", "b", "a"]
    assert await shown(backlog, answer=AnswerKind.FAULT) == ["e", "c", "b"]
    assert await shown(backlog, event_type=EventType.DELIVERED) == ["e", "d", "b", "a"]
    both = {"answer": AnswerKind.FAULT, "event_type": EventType.ORDER_CONFIRMED}
    assert await shown(backlog, **both) == ["c"]
    assert await shown(backlog, answer=AnswerKind.NONE) == []


async def test_a_page_says_what_each_attempt_was_of(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    await backlog.planned("a", order_id="ORD-7", is_test=True)
    await backlog.answer(backlog.ids["a"], 200)
    page = await shelf.database.read(
        attempt_log, backlog.endpoint_id, AttemptQuery(), after=None, limit=2
    )
    [one] = page.attempts
    assert (one.order_id, one.is_test, one.event_type) == ("ORD-7", True, "order_confirmed")
    assert (one.row.state, page.after) == (AttemptState.SUCCEEDED, None)


async def test_it_is_found_by_indexes(shelf: Shelf) -> None:
    backlog = await make_backlog(shelf)
    await backlog.planned("a")
    await backlog.answer(backlog.ids["a"], 200)
    plans = await shelf.database.read(
        plans_of,
        lambda session: attempt_log(
            session,
            backlog.endpoint_id,
            AttemptQuery(answer=AnswerKind.SUCCESS),
            after=None,
            limit=2,
        ),
        "attempts",
    )
    assert all("index" in plan.lower() for plan in plans), plans
