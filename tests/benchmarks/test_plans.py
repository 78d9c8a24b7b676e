"""How query plans are read: a whole table that is read must never pass."""

import pytest
from sqlalchemy import text

from benchmarks.pages import Page
from benchmarks.plans import StatementPlan, explain
from store.db.database import Database
from tests.support.encryption import KEYRING


class TestAPlan:
    @pytest.mark.parametrize(
        "plan",
        [
            "Seq Scan on events  (cost=0.00..1.01 rows=1 width=8)",
            "Limit  (cost=1..2)\n  ->  Sort\n    ->  Parallel Seq Scan on events",
        ],
    )
    def test_that_reads_a_whole_table_is_seen(self, plan: str) -> None:
        assert StatementPlan(plan).reads_a_whole_table

    @pytest.mark.parametrize(
        ("plan", "index"),
        [
            ("Limit\n  ->  Index Scan Backward using ix_events_log on events", "ix_events_log"),
            ("Index Only Scan using ix_x on events", "ix_x"),
            ("Bitmap Heap Scan on events\n  ->  Bitmap Index Scan on ix_y  (cost=0..4)", "ix_y"),
        ],
    )
    def test_that_uses_an_index_names_it(self, plan: str, index: str) -> None:
        found = StatementPlan(plan)
        assert not found.reads_a_whole_table
        assert found.indexes == [index]


def test_a_page_with_such_a_plan_is_a_fault() -> None:
    page = Page.of("first page", [1.0], [StatementPlan("Seq Scan on events")])
    assert page.faults == ["first page: a whole table is read: Seq Scan on events"]


class TestADatabase:
    @pytest.mark.parametrize(
        ("statement", "whole"),
        [
            ("SELECT body FROM events", True),
            ("SELECT body FROM events ORDER BY body_digest LIMIT 1", True),
            ("INSERT INTO sealed_keys VALUES ('a', 'b')", False),
        ],
    )
    async def test_says_what_it_reads(self, database_url: str, statement: str, whole: bool) -> None:
        database = Database(database_url, KEYRING)
        await database.write(lambda session: session.execute(text("ANALYZE")))
        plans = await database.write(
            lambda session: explain(session, lambda inside: inside.execute(text(statement)))
        )
        database.close()
        assert [plan.reads_a_whole_table for plan in plans] == [whole]
