"""${message}

Revision ${up_revision}, after ${down_revision}. Expands only: what an earlier version reads stays
(docs/runbook.md, "Deploy a new version").
"""

from store.migrations.steps import add_column, with_short_lock

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
