package dev.sluice.gateway.login;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Somebody else who knows who people are. Errors are problems; see {@link ProviderErrors}. */
interface LoginProvider {

    ProviderSettings settings();

    /** Where the browser goes to log in there. */
    Mono<String> address(Flow flow);

    /** Who has logged in there. */
    Mono<Identity> identify(Flow flow, Answer answer);

    /**
     * What the browser brings back.
     *
     * @param issuer whose answer it is, where it says so (RFC 9207)
     */
    record Answer(String code, @Nullable String issuer) {

        /** Without the code. */
        @Override
        public String toString() {
            return "Answer[]";
        }
    }
}
