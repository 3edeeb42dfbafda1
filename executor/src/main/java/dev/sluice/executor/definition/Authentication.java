package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;

/**
 * How a call says who makes it (DSL reference, "Authentication").
 *
 * @param settings gives an object of the scheme's properties, as the reference names them
 */
public record Authentication(Scheme scheme, Template settings) {

    /** The ways that there are. */
    public enum Scheme {
        BASIC,
        BEARER,
        DIGEST,
        OAUTH2,
        OIDC
    }
}
