package dev.sluice.gateway.token;

import dev.sluice.gateway.access.Caller;

/** What a token is worth. */
public sealed interface Verdict {

    /** It is this caller's. */
    record Accepted(Caller caller) implements Verdict {}

    /**
     * It is good for nothing.
     *
     * @param reason for its bearer, who may know all that is in it
     */
    record Refused(String reason) implements Verdict {}
}
