package dev.sluice.executor.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Documents elsewhere, by their addresses; what is not there cannot be fetched. */
final class ScriptedDocuments implements Documents {

    final Map<String, String> contents = new HashMap<>();

    /** Each that was asked for, in order. */
    final List<String> fetched = new ArrayList<>();

    /** What whoever asked said of itself. */
    final List<String> credentials = new ArrayList<>();

    /** So many are not there at first. */
    int failures;

    final AtomicInteger cancelled = new AtomicInteger();
    private Mono<Void> before = Mono.empty();

    /** Takes its time from now on. */
    void after(Duration time, Scheduler scheduler) {
        before = Mono.delay(time, scheduler).then();
    }

    @Override
    public Mono<Void> fetch(OrganizationId organization, Collection<Reference> references, RemoteDocuments into) {
        return before.then(Mono.<Void>fromRunnable(() -> references.forEach(reference -> fetch(reference, into))))
                .doOnCancel(cancelled::incrementAndGet);
    }

    private void fetch(Reference reference, RemoteDocuments into) {
        URI uri = reference.uri();
        String content = contents.get(uri.toString());
        fetched.add(uri.toString());
        if (reference.authentication() != null) {
            credentials.add(Json.text(Objects.requireNonNull(reference.authentication())
                    .settings()
                    .evaluate(Json.object(), Arguments.NONE)));
        }
        if (content == null || failures-- > 0) {
            into.fail(uri, "status 404");
        } else {
            into.put(uri, content.getBytes(UTF_8));
        }
    }
}
