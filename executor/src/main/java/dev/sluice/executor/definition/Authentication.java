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
        BASIC("Basic"),
        BEARER("Bearer"),
        CERTIFICATE("Certificate"),
        DIGEST("Digest"),
        OAUTH2("Bearer"),
        OIDC("Bearer");

        private final String word;

        Scheme(String word) {
            this.word = word;
        }

        /** What {@code $authorization.scheme} is of a call that says who makes it so; most are what the header begins with. */
        public String word() {
            return word;
        }
    }
}
