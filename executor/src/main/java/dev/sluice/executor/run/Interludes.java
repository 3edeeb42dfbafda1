package dev.sluice.executor.run;

import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.json.Json;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happens to a run as a whole between its tasks: it is suspended, and goes on after that or after an end. Each is an
 * entry of the journal that only the run's owner writes, and writes once: whoever takes over reads whether it is there.
 */
final class Interludes {

    private final Journals journals;
    private final ClaimStore claims;
    private final RunHub hub;

    Interludes(Journals journals, ClaimStore claims, RunHub hub) {
        this.journals = journals;
        this.claims = claims;
        this.hub = hub;
    }

    /** The journal of a run, as it is stored. */
    Mono<RunJournal> open(ClaimedRun run, BooleanSupplier owner) {
        return journals.open(
                run.id(),
                run.organization(),
                run.node(),
                run.epoch(),
                run.format(),
                run.fresh(),
                run.formerEnd(),
                owner);
    }

    /** The journal of a run that goes on, which says so if it was not obvious. */
    Mono<RunJournal> takeUp(ClaimedRun run, RunJournal journal, RunEvents events, BooleanSupplier owner) {
        Reopened reopened = run.reopened();
        if (reopened != null && reopened.missingIn(journal)) {
            return note(run, journal, EntryKind.REOPENED, reopened.payload(journal), events)
                    .then(open(run, owner));
        }
        boolean resumes = journal.reopenings().suspended() && !run.suspendRequested() && !run.cancelRequested();
        return resumes
                ? note(run, journal, EntryKind.RESUMED, Json.object(), events).then(open(run, owner))
                : Mono.just(journal);
    }

    /** Lets go of a run until somebody resumes it. */
    Mono<Void> suspend(
            ClaimedRun run, RunJournal journal, @Nullable RunEvents events, String reason, @Nullable String detail) {
        ObjectNode payload = Json.object().put("reason", reason);
        if (detail != null) {
            payload.put("detail", detail);
        }
        Mono<Void> noted = journal.reopenings().suspended()
                ? Mono.empty()
                : note(run, journal, EntryKind.SUSPENDED, payload, events);
        return noted.then(claims.suspend(run, reason, detail));
    }

    private Mono<Void> note(
            ClaimedRun run, RunJournal journal, EntryKind kind, JsonNode payload, @Nullable RunEvents events) {
        return journal.append(kind, payload)
                .doOnNext(entry -> {
                    if (events != null) {
                        events.of(entry).forEach(event -> hub.publish(run.id(), () -> event));
                    }
                })
                .then();
    }
}
