package dev.sluice.shared.redis;

/** Why it may be worth taking work now. */
public enum Signal {
    /** Somebody published work. */
    PUBLISHED,
    /** Redis is there (again); what was published meanwhile was not signalled. */
    CONNECTED
}
