#!/bin/sh
# Runs once, when the database is made. The hub's role is neither a superuser nor exempt from row-level security, which is the second wall between organizations.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$PERENNE_PASSWORD" --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE perenne LOGIN PASSWORD :'password' NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE perenne OWNER perenne;
SQL
