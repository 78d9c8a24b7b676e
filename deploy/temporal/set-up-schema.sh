#!/bin/sh
# Bring Temporal's two databases to the schema that this version's tool has in it. Safe to run again.
# The password is read from SQL_PASSWORD by the tool itself.
set -eu

set_up() {
    for step in "setup-schema --version 0.0" \
        "update-schema --schema-name postgresql/v12/$2"; do
        # shellcheck disable=SC2086 # a step is several words
        temporal-sql-tool --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" \
            --user "$POSTGRES_USER" --database "$1" $step
    done
}

set_up "$DBNAME" temporal
set_up "$VISIBILITY_DBNAME" visibility
