"""The linter of migrations: it finds what would stop the others, or break the version before."""

import re
from pathlib import Path

import pytest

from compatibility.migrations import faults
from tests.support.migrations import NEXT, write_migration

GOOD = {
    "a column, filled": """
        steps.add_column("events", "source varchar")
        steps.back_fill("events", key="event_id", assign="source = 'o%'", where="source IS NULL")
        """,
    "a column with a default": 'steps.add_column("events", "weight integer DEFAULT 0 NOT NULL")',
    "an index, and one less": """
        steps.index_concurrently("ix_new", "events", "(order_id) WHERE is_test")
        steps.drop_index_concurrently("ix_events_log")
        """,
    "a column that becomes required": """
        steps.add_constraint("events", "ck_awb", "CHECK (awb_number IS NOT NULL)")
        steps.with_short_lock("events", "ALTER TABLE events ALTER COLUMN awb_number SET NOT NULL")
        """,
    "a foreign key": """
        steps.add_constraint("events", "fk", "FOREIGN KEY (partner_id) REFERENCES partners (id)")
        """,
    "a table": """
        import sqlalchemy as sa
        op.create_table("notes", sa.Column("id", sa.String(), primary_key=True))
        """,
}
BAD = {
    "a column without limit": (
        'op.execute("ALTER TABLE events ADD COLUMN source varchar")',
        "require-lock-timeout",
    ),
    "a required column": (
        'steps.add_column("events", "source varchar NOT NULL")',
        "adding-required-field",
    ),
    "a default that rewrites the table": (
        'steps.add_column("events", "at timestamptz DEFAULT clock_timestamp()")',
        "adding-field-with-default",
    ),
    "an index that stops writers": (
        'op.create_index("ix_new", "events", ["order_id"])',
        "require-concurrent-index-creation",
    ),
    "an index that cannot be made": (
        'op.create_index("ix_new", "events", ["order_id"], postgresql_concurrently=True)',
        "ban-concurrent-index-creation-in-transaction",
    ),
    "a foreign key that looks at every row": (
        'op.create_foreign_key("fk", "events", "partners", ["partner_id"], ["id"])',
        "adding-foreign-key-constraint",
    ),
    "another type": (
        'op.execute("ALTER TABLE events ALTER COLUMN sequence TYPE bigint")',
        "changing-column-type",
    ),
    "another name": (
        'op.alter_column("events", "order_id", new_column_name="order_number")',
        "renaming-column",
    ),
    "a table with another name": ('op.rename_table("events", "facts")', "renaming-table"),
    "a column less": ('op.drop_column("events", "order_id")', "ban-drop-column"),
    "a table less": ('op.drop_table("outbox")', "ban-drop-table"),
    "every row at once": ("op.execute(\"UPDATE events SET order_id = ''\")", "UPDATE events"),
}
DROP = """
    steps.contract(contraction)
    steps.with_short_lock("events", "ALTER TABLE events DROP COLUMN IF EXISTS order_id")
    """


def contraction(of: str = "0001", unread_since: str = "1.4.0", readable_from: str = "0001") -> str:
    return f'contraction = steps.Contraction("{of}", "{unread_since}", "{readable_from}")'


def test_those_of_the_product() -> None:
    assert faults() == []


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_what_keeps_nobody_waiting_and_breaks_nothing(body: str, tmp_path: Path) -> None:
    assert faults(write_migration(tmp_path, body)) == []


@pytest.mark.parametrize(("body", "rule"), BAD.values(), ids=BAD)
def test_what_stops_the_others_or_breaks_them(body: str, rule: str, tmp_path: Path) -> None:
    found = faults(write_migration(tmp_path, body))
    assert [one for one in found if one.startswith(f"{NEXT}_of_tests.py: {rule}: ")]


class TestContractions:
    def test_one_that_is_declared(self, tmp_path: Path) -> None:
        versions = write_migration(tmp_path, DROP, declared=contraction())
        assert faults(versions, release="1.5.0") == []

    @pytest.mark.parametrize(
        ("declared", "said"),
        [
            (contraction(unread_since="1.5.0"), "unread since 1.5.0, but this is 1.5.0"),
            (contraction(unread_since="1.10.0"), "unread since 1.10.0, but this is 1.5.0"),
            (contraction(unread_since="soon"), "name a release"),
            (contraction(of=NEXT, readable_from=NEXT), f"name migrations before {NEXT}"),
        ],
    )
    def test_one_that_comes_too_early(self, declared: str, said: str, tmp_path: Path) -> None:
        [found] = faults(write_migration(tmp_path, DROP, declared=declared), release="1.5.0")
        assert re.search(said, found)

    def test_one_that_does_not_write_down_who_can_still_read(self, tmp_path: Path) -> None:
        versions = write_migration(
            tmp_path, DROP.replace("steps.contract(contraction)", ""), declared=contraction()
        )
        [found] = faults(versions, release="1.5.0")
        assert "the first step" in found

    def test_a_name_stays_even_then(self, tmp_path: Path) -> None:
        versions = write_migration(
            tmp_path,
            DROP.replace("DROP COLUMN IF EXISTS order_id", "RENAME COLUMN order_id TO number"),
            declared=contraction(),
        )
        assert "renaming-column" in "".join(faults(versions, release="1.5.0"))


def test_they_are_numbered_in_order(tmp_path: Path) -> None:
    versions = write_migration(tmp_path, "pass")
    [file] = tmp_path.iterdir()
    file.write_text(file.read_text().replace(f'revision = "{NEXT}"', 'revision = "9999"', 1))
    assert "number them in order" in faults(versions)[0]
