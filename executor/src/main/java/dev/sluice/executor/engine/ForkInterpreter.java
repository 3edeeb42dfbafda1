package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Task;
import dev.sluice.executor.journal.EntryKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.IntNode;

/**
 * {@code fork}: branches at the same time, each of which sees data and context as they were at the fork. Which branch came
 * first is chance, so where that matters it is an entry: the winner of branches that compete, and the branch whose fault
 * ends a fork whose branches do not. The others are cancelled, and replay looks at the one alone.
 */
final class ForkInterpreter {

    private final TaskInterpreter tasks;
    private final EffectLog log;
    private final Parking parking;

    ForkInterpreter(TaskInterpreter tasks, EffectLog log, Parking parking) {
        this.tasks = tasks;
        this.log = log;
        this.parking = parking;
    }

    Mono<Step> run(Task.Fork fork, Frame frame, State state) {
        return log.find(frame.at().decision(), fork.base())
                .map(entry ->
                        branch(fork, frame, state, entry.payload().asInt()).map(step -> after(step, entry.at())))
                .orElseGet(() -> all(fork, frame, state));
    }

    private Mono<Step> all(Task.Fork fork, Frame frame, State state) {
        int count = fork.branches().size();
        return Mono.using(
                () -> parking.fork(count),
                branches -> Flux.range(0, count)
                        .flatMap(index -> end(fork, frame, state, index, branches), count)
                        .takeUntil(end -> decides(fork, end))
                        .collectList()
                        .flatMap(ends -> settle(fork, frame, state, ends)),
                Parking.Fork::close);
    }

    private Mono<End> end(Task.Fork fork, Frame frame, State state, int index, Parking.Fork branches) {
        return branch(fork, frame, state, index)
                .map(step -> new End(index, step, null))
                .onErrorResume(TaskFault.class, fault -> Mono.just(new End(index, null, fault)))
                .doOnNext(end -> {
                    if (!decides(fork, end)) {
                        branches.ended();
                    }
                });
    }

    /** A fault leaves the context as it was at the fork: what branches export counts when they come together. */
    private Mono<Step> branch(Task.Fork fork, Frame frame, State state, int index) {
        return tasks.task(fork.branches().get(index), frame.at(frame.at().branch(index)), state)
                .onErrorMap(TaskFault.class, fault -> fault.withContext(state.context()));
    }

    /** Whether nothing that the other branches do matters any more. One that competes has lost when it faults. */
    private static boolean decides(Task.Fork fork, End end) {
        return fork.compete() == (end.fault() == null);
    }

    private Mono<Step> settle(Task.Fork fork, Frame frame, State state, List<End> ends) {
        End last = ends.getLast();
        if (decides(fork, last)) {
            return log.append(EntryKind.DECIDED, frame.at().decision(), fork.base(), IntNode.valueOf(last.index()))
                    .flatMap(entry -> last.outcome().map(step -> after(step, entry.at())));
        }
        List<End> inOrder =
                ends.stream().sorted(Comparator.comparingInt(End::index)).toList();
        return fork.compete()
                ? inOrder.getFirst().outcome()
                : Flux.fromIterable(inOrder)
                        .concatMap(End::outcome)
                        .collectList()
                        .map(steps -> Join.of(state, steps));
    }

    private static Step after(Step step, Instant decided) {
        return new Step(step.state().passed(decided), step.then(), step.seq());
    }

    /** How a branch ended: well, or with a fault. */
    private record End(
            int index, @Nullable Step step, @Nullable TaskFault fault) {

        Mono<Step> outcome() {
            return fault == null ? Mono.justOrEmpty(step) : Mono.error(fault);
        }
    }
}
