package dev.sluice.executor.engine;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.Noted;
import dev.sluice.executor.journal.RunJournal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import reactor.core.publisher.Mono;

/** Finds where a run came to a task for the first time, by interpreting what its journal holds and nothing beyond. */
public final class Search {

    /** A replay goes through entries by the thousand in this time. */
    private static final Duration REPLAY_LIMIT = Duration.ofSeconds(1);

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
            RunJournal journal = new RunJournal(entries, Search::append, then);
            return over(journal, workflow, facts, new Visits(task), then, engine)
                    .run(Mono.never())
                    .then(Mono.<String>empty())
                    .onErrorResume(Found.class, found -> Mono.just(found.path))
                    .onErrorResume(Search::beyond, end -> Mono.empty());
        });
    }

    /**
     * The tasks that are under way in a run that is not in memory: their references, as {@link Interpreter#left} has them.
     * Touches nothing. A run that computes for long is left where it is then. Ends with the journal's error when it belongs to
     * another document.
     *
     * @param entries those of the run that count
     */
    public static Mono<List<String>> underWay(
            Workflow workflow, RunFacts facts, List<Entry> entries, EngineSettings engine) {
        return Mono.defer(() -> {
            Clock now = Clock.fixed(engine.clock().instant(), ZoneOffset.UTC);
            RunJournal journal = new RunJournal(entries, Search::append, now);
            Interpreter interpreter = over(journal, workflow, facts, Lifecycle.SILENT, now, engine);
            return interpreter
                    .replay()
                    .timeout(REPLAY_LIMIT, Mono.empty(), engine.scheduler())
                    .then(Mono.fromSupplier(interpreter::left));
        });
    }

    private static Interpreter over(
            RunJournal journal,
            Workflow workflow,
            RunFacts facts,
            Lifecycle lifecycle,
            Clock clock,
            EngineSettings engine) {
        EngineSettings settings = new EngineSettings(
                engine.scheduler(),
                clock,
                engine.callTimeout(),
                Duration.ZERO,
                engine.keys(),
                engine.evaluations(),
                engine.deferrals(),
                Integer.MAX_VALUE);
        World world = World.unreachable(() -> new FencedException("beyond the journal"));
        return new Interpreter(workflow, facts, journal, world, lifecycle, () -> true, settings);
    }

    private static boolean beyond(Throwable end) {
        return end instanceof TaskFault || end instanceof Parked || end instanceof FencedException;
    }

    /** What only replaces other entries may be noted anew; the rest would be beyond the journal. */
    private static Mono<Void> append(List<Noted> entries) {
        return entries.stream().allMatch(noted -> noted.entry().kind() == EntryKind.CHECKPOINT)
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
