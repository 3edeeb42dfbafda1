package dev.sluice.gateway.revocation;

import dev.sluice.shared.problem.ProblemType;
import reactor.core.publisher.Flux;

/** How long the caller of an exchange is who they were, for answers that go on for long. Thread-safe. */
public interface Standing {

    /** That of an exchange which needs no caller: for ever. */
    Standing ANYBODY = new Standing() {
        @Override
        public <T> Flux<T> events(Flux<T> events) {
            return events;
        }

        @Override
        public <T> Flux<T> download(Flux<T> parts) {
            return parts;
        }
    };

    /** Completes, and cancels its source, when the caller is no longer who they were, or other fields are hidden from them. */
    <T> Flux<T> events(Flux<T> events);

    /** Breaks off with {@link ProblemType#UNAUTHENTICATED}, and cancels its source, when the caller is no longer who they were. */
    <T> Flux<T> download(Flux<T> parts);
}
