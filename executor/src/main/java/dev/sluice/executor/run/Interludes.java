package dev.sluice.executor.run;

import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.journal.RunJournal;
import java.util.List;
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
    private final Telling telling;

    Interludes(Journals journals, ClaimStore claims, RunHub hub, Telling telling) {
        this.journals = journals;
        this.claims = claims;
        this.hub = hub;
        this.telling = telling;
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
    Mono<RunJournal> takeUp(ClaimedRun run, RunJournal journal, RunAudience audience, BooleanSupplier owner) {
        journal.attend(audience);
        return resumed(run, journal, audience, owner).doOnNext(open -> open.attend(audience));
    }

    private Mono<RunJournal> resumed(ClaimedRun run, RunJournal journal, RunAudience audience, BooleanSupplier owner) {
        RunEvents events = audience.events();
        Reopened reopened = run.reopened();
        if (reopened != null && reopened.missingIn(journal)) {
            ObjectNode payload = telling.payload(run, events, EntryKind.REOPENED, List.of());
            payload.setAll(reopened.payload(journal));
            return note(run, journal, EntryKind.REOPENED, payload, events).then(open(run, owner));
        }
        boolean resumes = journal.reopenings().suspended() && !run.suspendRequested() && !run.cancelRequested();
        return resumes ? resume(run, journal, events).then(open(run, owner)) : Mono.just(journal);
    }

    private Mono<Void> resume(ClaimedRun run, RunJournal journal, RunEvents events) {
        List<String> left = journal.reopenings().left();
        return note(run, journal, EntryKind.RESUMED, telling.payload(run, events, EntryKind.RESUMED, left), events);
    }

    /**
     * Lets go of a run until somebody resumes it.
     *
     * @param events absent when its document cannot be read
     * @param left   references of the tasks that rest
     */
    Mono<Void> suspend(
            ClaimedRun run,
            RunJournal journal,
            @Nullable RunEvents events,
            List<String> left,
            String reason,
            @Nullable String detail) {
        ObjectNode payload =
                telling.payload(run, events, EntryKind.SUSPENDED, left).put("reason", reason);
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
                        hub.publishAll(run.id(), () -> events.of(entry));
                    }
                })
                .then();
    }
}
