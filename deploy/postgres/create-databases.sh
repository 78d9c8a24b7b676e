#!/bin/sh
# Run once by the PostgreSQL image, when its volume is empty: one role for Doorstep and one for
# Temporal, each the owner of its own databases and unable to connect to the other's.
set -eu

psql --set=ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv doorstep_password POSTGRES_DOORSTEP_PASSWORD
\getenv temporal_password POSTGRES_TEMPORAL_PASSWORD
CREATE ROLE doorstep LOGIN PASSWORD :'doorstep_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE doorstep OWNER doorstep;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE doorstep, temporal, temporal_visibility FROM PUBLIC;
SQL
