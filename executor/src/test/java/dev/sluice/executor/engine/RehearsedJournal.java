package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.executor.journal.Noted;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What is stored of a run, whoever has it: its entries, and what those who listen are told with them. */
final class RehearsedJournal {

    final List<Entry> entries = new ArrayList<>();
    private final List<Emission> told = new ArrayList<>();
    private final Clock clock;
    private final Consumer<Hearing> consumed;
    private boolean listened;
    private int appendsLeft = Integer.MAX_VALUE;
    private @Nullable RunJournal open;

    /** Hands over what entries say the run has consumed. */
    RehearsedJournal(Clock clock, Consumer<Hearing> consumed) {
        this.clock = clock;
        this.consumed = consumed;
    }

    /** As whoever has the run now writes it. */
    RunJournal open() {
        RunJournal journal = new RunJournal(List.copyOf(entries), this::append, clock);
        if (listened) {
            journal.attend(entry -> List.of(emission(entry.kind() + " " + entry.path())));
        }
        open = journal;
        return journal;
    }

    /** What the owner of a run writes about it as a whole. */
    void note(EntryKind kind, JsonNode payload) {
        assertThat(open().append(kind, payload).blockOptional(Duration.ofSeconds(5)))
                .isPresent();
    }

    /** Lets so many appends through; the next one finds the run owned by another node. */
    void crashAfter(int appends) {
        appendsLeft = appends;
    }

    /** Lets all appends through from now on. */
    void recover() {
        appendsLeft = Integer.MAX_VALUE;
    }

    /** How many appends there were. */
    int appends() {
        return Integer.MAX_VALUE - appendsLeft;
    }

    /** Has somebody listen from now on. */
    void listened() {
        listened = true;
    }

    /** Tells those who listen of what no entry says. */
    void tell(String what, Instant at) {
        if (listened) {
            Objects.requireNonNull(open).tell(List.of(emission(what + " at " + at)));
        }
    }

    /** What those who listen have been told by now. */
    List<String> committed() {
        return told.stream().map(event -> event.event().asString()).toList();
    }

    /** What those who listen have been told, each event once, with what the run's end would bring. */
    List<String> stored() {
        Stream<String> closing = Objects.requireNonNull(open).closing().told().stream()
                .map(event -> event.envelope().tree().asString());
        return Stream.concat(committed().stream(), closing).distinct().toList();
    }

    private Mono<Void> append(List<Noted> batch) {
        return Mono.defer(() -> {
            if (appendsLeft == 0) {
                return Mono.error(new FencedException("crashed"));
            }
            appendsLeft--;
            batch.forEach(noted -> {
                entries.add(noted.entry());
                told.addAll(noted.told());
            });
            batch.stream()
                    .map(Noted::entry)
                    .filter(entry -> entry.kind() == EntryKind.HEARD)
                    .forEach(entry -> consumed.accept(Hearing.of(entry.payload())));
            return Mono.empty();
        });
    }

    private static Emission emission(String what) {
        return new Emission(Ids.derived(Rehearsal.START, what), null, Json.string(what));
    }
}
