package dev.sluice.shared.postgres;

/** The logins of the database; none is a superuser and none bypasses row-level security. */
public enum DatabaseRole {
    /** Owns the schemas; runs the migrations at start. */
    MIGRATE("sluice_migrate"),
    /** All request handling, inside one tenant at a time. */
    API("sluice_api"),
    /** Appends received events and nothing else. */
    INGEST("sluice_ingest"),
    /** Crosses tenants on the few tables the engine appends to or claims; the gateway never holds it. */
    ENGINE("sluice_engine");

    private final String login;

    DatabaseRole(String login) {
        this.login = login;
    }

    /** The name of the login in PostgreSQL. */
    public String login() {
        return login;
    }
}
