-- Creates Sluice's four logins and its database; running it again repairs them and changes nothing else.
-- Run it once as a superuser before the services start (`./sluice up` does it by itself):
--
--   psql -h <host> -U postgres -d postgres -v ON_ERROR_STOP=1 -v database=sluice \
--        -v migrate_password=… -v api_password=… -v ingest_password=… -v engine_password=… -f roles.sql
--
-- Besides plain SQL it uses \gexec (run what the query returns) and \connect, which the embedded server understands too.

SELECT format('CREATE ROLE %I LOGIN', role)
  FROM (VALUES ('sluice_migrate'), ('sluice_api'), ('sluice_ingest'), ('sluice_engine')) AS wanted (role)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE sluice_migrate LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'migrate_password';
ALTER ROLE sluice_api LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'api_password';
ALTER ROLE sluice_ingest LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'ingest_password';
ALTER ROLE sluice_engine LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'engine_password';

SELECT format('CREATE DATABASE %I OWNER sluice_migrate', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO sluice_api, sluice_ingest, sluice_engine;

\connect :"database"

REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- A function that runs with its owner's rights must be granted by name, never by default.
ALTER DEFAULT PRIVILEGES FOR ROLE sluice_migrate REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
