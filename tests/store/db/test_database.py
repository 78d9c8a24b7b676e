"""Transactions: whole or not at all, off the event loop, and with errors that name no customer."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlmodel import Session

from contracts.delivery.states import SmsState
from contracts.errors import DoorstepError, Invalid, StoreUnavailable
from contracts.payload.events import MOST_SEQUENCE
from store.db.database import Database
from store.db.errors import in_one_line
from store.events.detail import event_detail
from store.tables import EventRow, OrderSequenceRow, PartnerRow, SmsMessageRow
from tests.support.encryption import KEYRING
from tests.support.postgres import Postgres
from tests.support.shelf import NOW, Shelf, an_event
from tests.support.waiting import eventually

INDIA = timezone(timedelta(hours=5, minutes=30))
PHONE = "+919876543210"


def add_order(session: Session, order_id: str, last: int = 1) -> None:
    """Any small write."""
    session.add(OrderSequenceRow(partner_id="shop", order_id=order_id, last=last))
    session.flush()


class TestTimes:
    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC),
            datetime(2026, 3, 2, 15, 30, tzinfo=INDIA),
            datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        ],
    )
    async def test_they_come_back_as_the_same_moment_in_utc(
        self, shelf: Shelf, moment: datetime
    ) -> None:
        await shelf.add_partner()
        await shelf.change(PartnerRow, "shop", created_at=moment)
        read = (await shelf.one(PartnerRow, "shop")).created_at
        assert read == moment
        assert read.utcoffset() == timedelta(0)

    async def test_a_naive_one_is_a_mistake_of_ours(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        with pytest.raises(StatementError, match="a time without a zone"):
            await shelf.change(PartnerRow, "shop", created_at=NOW.replace(tzinfo=None))
        assert (await shelf.one(PartnerRow, "shop")).created_at == NOW

    async def test_they_are_compared_as_moments(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        later = NOW.astimezone(INDIA) + timedelta(microseconds=1)
        query = text("SELECT count(*) FROM partners WHERE created_at < :later")
        bound = query.bindparams(later=later.astimezone(UTC).replace(tzinfo=None))
        assert await database.read(lambda s: s.connection().execute(bound).scalar()) == 1


class TestWords:
    async def test_they_are_stored_by_their_value(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        query = text("SELECT state, channel FROM deliveries WHERE id = :id").bindparams(
            id=webhook.id
        )
        stored = await database.read(lambda s: s.connection().execute(query).one())
        assert tuple(stored) == ("pending", "webhook")


class TestValuesThatCannotBeKept:
    async def test_they_are_the_request_s_fault_and_no_reason_to_try_again(
        self, database: Database
    ) -> None:
        """PostgreSQL refuses a NUL."""
        with pytest.raises(Invalid):
            await database.read(event_detail, "evt-\x00")

    async def test_the_count_goes_on_from_the_greatest_that_a_sender_may_set(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.accept(an_event(event_id="evt-1", sequence=MOST_SEQUENCE))
        event = await shelf.accept(an_event(event_id="evt-2"))
        assert (await shelf.one(EventRow, event.event_id)).sequence == MOST_SEQUENCE + 1


class TestTransactions:
    async def test_a_mistake_in_the_middle_leaves_nothing(
        self, shelf: Shelf, database: Database
    ) -> None:
        def work(session: Session) -> None:
            add_order(session, "ORD-1")
            raise LookupError

        with pytest.raises(LookupError):
            await database.write(work)
        assert await shelf.count(OrderSequenceRow) == 0

    async def test_a_caller_that_is_cancelled_leaves_it_whole(
        self, shelf: Shelf, database: Database
    ) -> None:
        begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

        def work(session: Session) -> None:
            add_order(session, "ORD-1")
            begun.set()
            go_on.wait(10)
            add_order(session, "ORD-2")
            ended.set()

        caller = asyncio.create_task(database.write(work))
        await asyncio.to_thread(begun.wait, 10)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        assert await shelf.count(OrderSequenceRow) == 0
        go_on.set()
        await asyncio.to_thread(ended.wait, 10)
        await eventually(lambda: shelf.count(OrderSequenceRow), lambda rows: rows == 2)

    async def test_a_reader_sees_one_moment_however_many_queries_it_makes(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        looked, go_on = threading.Event(), threading.Event()
        query = text("SELECT name FROM partners")

        def twice(session: Session) -> tuple[object, object]:
            first = session.connection().execute(query).scalar_one()
            looked.set()
            go_on.wait(10)
            return first, session.connection().execute(query).scalar_one()

        reader = asyncio.create_task(database.read(twice))
        await asyncio.to_thread(looked.wait, 10)
        await shelf.change(PartnerRow, "shop", name="Renamed")
        go_on.set()
        first, second = await reader
        assert first == second != "Renamed"

    async def test_a_reader_does_not_wait_for_a_writer(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        begun, go_on = threading.Event(), threading.Event()

        def work(session: Session) -> None:
            session.get_one(PartnerRow, "shop").name = "Renamed"
            session.flush()
            begun.set()
            go_on.wait(10)

        writing = asyncio.create_task(database.write(work))
        await asyncio.to_thread(begun.wait, 10)
        assert (await shelf.one(PartnerRow, "shop")).name == "Chai Point"
        go_on.set()
        await writing
        assert (await shelf.one(PartnerRow, "shop")).name == "Renamed"

    async def test_no_update_is_lost_between_two_processes(
        self, database: Database, tmp_path: Path
    ) -> None:
        await database.write(add_order, "ORD-1", 0)
        other = Database(database.url, KEYRING)

        def count_up(session: Session) -> None:
            key = ("shop", "ORD-1")
            session.get_one(OrderSequenceRow, key, with_for_update=True).last += 1

        await asyncio.gather(*((database, other)[i % 2].write(count_up) for i in range(40)))
        other.close()
        key = ("shop", "ORD-1")
        assert (await Shelf(database).one(OrderSequenceRow, key)).last == 40

    async def test_it_answers_a_ping(self, database: Database) -> None:
        await database.ping()


class TestTwoThatMeet:
    async def test_a_deadlock_is_no_database_that_is_away(self, database: Database) -> None:
        """Each has locked what the other one wants; the one that is ended runs again."""
        for order_id in ("ORD-1", "ORD-2"):
            await database.write(add_order, order_id)
        both_have_one = threading.Barrier(2)
        runs: list[str] = []

        def take(session: Session, first: str, second: str) -> None:
            runs.append(first)
            session.get_one(OrderSequenceRow, ("shop", first), with_for_update=True)
            if len(runs) <= 2:
                both_have_one.wait(30)
            row = session.get_one(OrderSequenceRow, ("shop", second), with_for_update=True)
            row.last += 1

        await asyncio.gather(
            database.write(take, "ORD-1", "ORD-2"), database.write(take, "ORD-2", "ORD-1")
        )
        # the one that runs again may take its row before the other one wakes, and meet it once more
        assert len(runs) > 2
        counts = [await _last(database, one) for one in ("ORD-1", "ORD-2")]
        assert counts == [2, 2]

    async def test_what_both_write_is_written_by_one_and_seen_by_the_other(
        self, database: Database
    ) -> None:
        both_have_looked = threading.Barrier(2)
        runs: list[bool] = []

        def count_up(session: Session) -> None:
            row = session.get(OrderSequenceRow, ("shop", "ORD-1"), with_for_update=True)
            runs.append(row is None)
            if len(runs) <= 2:
                both_have_looked.wait(30)
            if row is None:
                add_order(session, "ORD-1")
            else:
                row.last += 1

        await asyncio.gather(database.write(count_up), database.write(count_up))
        assert runs == [True, True, False]
        assert await _last(database, "ORD-1") == 2


async def _last(database: Database, order_id: str) -> int:
    row = await database.read(lambda s: s.get_one(OrderSequenceRow, ("shop", order_id)))
    return row.last


class TestAConnection:
    """Straight to PostgreSQL; `tests/peers/test_pgbouncer.py` has the other."""

    async def test_every_transaction_has_its_limits(self, database: Database) -> None:
        def limits(session: Session) -> list[str]:
            names = ("statement_timeout", "lock_timeout")
            return [session.connection().execute(text(f"SHOW {n}")).scalar_one() for n in names]

        assert await database.read(limits) == ["5s", "5s"]
        for run in (database.write, database.take_in):
            assert await run(limits) == ["10s", "5s"]

    async def test_what_is_run_again_and_again_is_prepared(self, database: Database) -> None:
        def many_times(session: Session) -> list[str]:
            for _ in range(20):
                session.get(PartnerRow, "nobody")
            query = text("SELECT statement FROM pg_prepared_statements")
            return list(session.connection().execute(query).scalars())

        prepared = await database.read(many_times)  # the connection may have others, of before
        assert any("WHERE partners.id = $1" in one for one in prepared)

    async def test_a_migration_meanwhile_costs_nobody_anything(self, database: Database) -> None:
        """What was prepared before gives other columns than PostgreSQL has now."""

        def all_columns(session: Session) -> int:
            for _ in range(10):
                found = session.connection().exec_driver_sql("SELECT * FROM partners")
            return len(found.keys())

        def run(statement: str) -> Any:
            return database.write(lambda session: session.connection().execute(text(statement)))

        before = await database.write(all_columns)
        await run("ALTER TABLE partners ADD COLUMN colour text")
        assert await database.write(all_columns) == before + 1
        await run("ALTER TABLE partners DROP COLUMN colour")

    async def test_one_whose_server_went_away_is_replaced(self, database: Database) -> None:
        def pid(session: Session) -> int:
            return int(session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one())

        first = await database.write(pid)
        end = text(f"SELECT pg_terminate_backend({first})")
        await database.read(lambda session: session.connection().execute(end))

        async def another() -> bool:
            return await database.write(pid) != first

        assert await another()


class TestErrors:
    async def test_a_broken_rule_names_no_value(self, shelf: Shelf, database: Database) -> None:
        """PostgreSQL would quote the whole row."""
        delivery = await shelf.text()

        def work(session: Session) -> None:
            session.add(
                SmsMessageRow(
                    id="sms_1",
                    event_id=delivery.event.event_id,
                    delivery_id=delivery.id,
                    partner_id="shop",
                    round=1,
                    copy_number=1,
                    to_phone=PHONE,
                    body=None,  # type: ignore[arg-type]
                    state=SmsState.CLAIMED,
                    created_at=NOW,
                    claimed_at=NOW,
                )
            )

        with pytest.raises(IntegrityError) as caught:
            await database.write(work)
        assert PHONE not in str(caught.value)
        assert PHONE not in repr(caught.value)
        assert caught.value.__suppress_context__
        assert "body" in str(caught.value)

    async def test_a_statement_that_fails_names_no_value(self, database: Database) -> None:
        query = text("SELECT * FROM nowhere WHERE phone = :phone").bindparams(phone=PHONE)
        with pytest.raises(StoreUnavailable, match="the database did not take the call") as caught:
            await database.read(lambda session: session.connection().execute(query))
        assert PHONE not in str(caught.value)
        assert "\n" not in str(caught.value)
        assert caught.value.__suppress_context__
        assert isinstance(caught.value, DoorstepError)

    def test_a_value_that_postgresql_cannot_read_is_not_quoted(self, database: Database) -> None:
        query = text(f"SELECT CAST('call {PHONE}' AS integer)")
        with pytest.raises(DataError) as caught, database.engine.connect() as connection:
            connection.execute(query)
        assert PHONE in str(caught.value.orig)
        assert in_one_line(caught.value) == "InvalidTextRepresentation"


class TestUnavailable:
    async def refusal(self, url: str) -> str:
        """What a write and a ping are told."""
        database = Database(url, KEYRING)
        try:
            with pytest.raises(StoreUnavailable) as caught:
                await database.write(add_order, "ORD-1")
        finally:
            database.close()
        return str(caught.value)

    async def test_a_database_that_was_never_migrated(self, postgres: Postgres) -> None:
        said = await self.refusal(postgres.url("postgres"))
        assert 'relation "order_sequences" does not exist' in said

    async def test_a_server_that_is_not_there(self, unused_tcp_port: int) -> None:
        said = await self.refusal(
            f"postgresql+psycopg://doorstep:a-password@127.0.0.1:{unused_tcp_port}/doorstep"
        )
        assert "connection" in said
        assert "a-password" not in said

    async def test_a_row_that_another_transaction_keeps_locked(self, database: Database) -> None:
        await database.write(add_order, "ORD-1")
        locked, go_on = threading.Event(), threading.Event()
        key = ("shop", "ORD-1")

        def keep_locked(session: Session) -> None:
            session.get_one(OrderSequenceRow, key, with_for_update=True)
            locked.set()
            go_on.wait(10)

        def impatient(session: Session) -> None:
            session.connection().execute(text("SET LOCAL lock_timeout = '1ms'"))
            session.get_one(OrderSequenceRow, key, with_for_update=True)

        keeping = asyncio.create_task(database.write(keep_locked))
        await asyncio.to_thread(locked.wait, 10)
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            await database.write(impatient)
        go_on.set()
        await keeping
        await database.write(lambda session: session.delete(session.get_one(OrderSequenceRow, key)))
