package dev.sluice.executor.engine;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.RunJournal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import reactor.core.publisher.Mono;

/** Finds where a run came to a task for the first time, by interpreting what its journal holds and nothing beyond. */
public final class Search {

    private Search() {}

    /**
     * The path of a task's first visit; empty when the run never came to it. Touches nothing. Ends with the journal's error
     * when it belongs to another document.
     *
     * @param entries those of the run that count, without checkpoints of what is around the task
     * @param ended   when the run ended: no wait counts as over that was not over then
     */
    public static Mono<String> firstVisit(
            Workflow workflow,
            RunFacts facts,
            List<Entry> entries,
            TaskBase task,
            Instant ended,
            EngineSettings engine) {
        return Mono.defer(() -> {
            Clock then = Clock.fixed(ended, ZoneOffset.UTC);
            EngineSettings settings = new EngineSettings(
                    engine.scheduler(),
                    then,
                    engine.callTimeout(),
                    Duration.ZERO,
                    engine.keys(),
                    engine.evaluations(),
                    Integer.MAX_VALUE);
            RunJournal journal = new RunJournal(entries, Search::append, then);
            return new Interpreter(
                            workflow,
                            facts,
                            journal,
                            World.unreachable(() -> new FencedException("beyond the journal")),
                            new Visits(task),
                            () -> true,
                            settings)
                    .run(Mono.never())
                    .then(Mono.<String>empty())
                    .onErrorResume(Found.class, found -> Mono.just(found.path))
                    .onErrorResume(TaskFault.class, fault -> Mono.empty())
                    .onErrorResume(Parked.class, parked -> Mono.empty())
                    .onErrorResume(FencedException.class, beyond -> Mono.empty());
        });
    }

    /** What only replaces other entries may be noted anew; the rest would be beyond the journal. */
    private static Mono<Void> append(List<Entry> entries) {
        return entries.stream().allMatch(entry -> entry.kind() == EntryKind.CHECKPOINT)
                ? Mono.empty()
                : Mono.error(new FencedException("beyond the journal"));
    }

    private record Visits(TaskBase wanted) implements Lifecycle {

        @Override
        public void reached(TaskBase task, String path) {
            if (task.placeHash() == wanted.placeHash()) {
                throw new Found(path);
            }
        }
    }

    private static final class Found extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String path;

        Found(String path) {
            super(path, null, false, false);
            this.path = path;
        }
    }
}
