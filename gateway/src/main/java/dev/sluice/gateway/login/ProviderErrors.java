package dev.sluice.gateway.login;

import dev.sluice.gateway.token.UntrueTokenException;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a provider's failures: problems that say who has to act, and hold nothing that it said. */
final class ProviderErrors {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderErrors.class);

    private ProviderErrors() {}

    /** An exchange with it failed; logged here, since nobody else owns it. */
    static SluiceException failed(ProviderSettings provider, Throwable error) {
        LOG.atWarn()
                .addKeyValue("provider", provider.id())
                .addKeyValue("error", error.toString())
                .log("a login provider does not answer as it should");
        return error instanceof TimeoutException || error instanceof io.netty.handler.timeout.TimeoutException
                ? new SluiceException(
                        ProblemType.GATEWAY_TIMEOUT,
                        provider.displayName() + " takes too long; try again later.",
                        error)
                : new SluiceException(
                        ProblemType.BAD_GATEWAY,
                        provider.displayName() + " does not answer as it should; try again later.",
                        error);
    }

    /** It refuses us, not the person. */
    static SluiceException refusesUs(ProviderSettings provider, String reason) {
        return failed(provider, new IllegalStateException("refused: " + reason));
    }

    /** What it said is not about this login. */
    static SluiceException untrue(ProviderSettings provider, UntrueTokenException error) {
        LOG.atWarn()
                .addKeyValue("provider", provider.id())
                .addKeyValue("error", error.getMessage())
                .log("an ID token is not good for its login");
        return refused("What " + provider.displayName() + " says is not good for this login: " + error.getMessage());
    }

    /** Somebody has to begin again. */
    static SluiceException refused(String reason) {
        return new SluiceException(ProblemType.UNAUTHENTICATED, reason);
    }
}
