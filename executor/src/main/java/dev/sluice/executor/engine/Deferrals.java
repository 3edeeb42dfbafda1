package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Deferral;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Compiles what is compiled when a run gets there, where that holds up nobody. Thread-safe. */
public interface Deferrals {

    /**
     * Gets documents in turn: what is fetched is in memory until it is compiled. The work begins on any thread. Ends with {@link
     * SluiceException} of {@link ProblemType#UNAVAILABLE} when there is no place to wait.
     */
    <T> Mono<T> inTurn(OrganizationId organization, Mono<T> work);

    /**
     * How far compiling comes with some documents; what was compiled with the same ones before is not compiled again. It is emitted on any
     * thread. Ends with {@link SluiceException} of {@link ProblemType#UNAVAILABLE} when too much waits.
     *
     * @param found     what is at the pointers of the addresses
     * @param documents that are there
     */
    <T> Mono<Deferral.Outcome<T>> compile(Deferral<T> deferral, Map<String, URI> found, Map<URI, byte[]> documents);

    /** For runs that get nowhere where something is deferred: each ends with an error there. */
    static Deferrals unreachable(Supplier<Throwable> error) {
        return new Deferrals() {

            @Override
            public <T> Mono<T> inTurn(OrganizationId organization, Mono<T> work) {
                return Mono.error(error);
            }

            @Override
            public <T> Mono<Deferral.Outcome<T>> compile(
                    Deferral<T> deferral, Map<String, URI> found, Map<URI, byte[]> documents) {
                return Mono.error(error);
            }
        };
    }
}
