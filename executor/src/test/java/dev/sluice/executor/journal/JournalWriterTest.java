package dev.sluice.executor.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class JournalWriterTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final UUID ID = new UUID(1, 2);

    private final List<Entry> written = new ArrayList<>();
    private final TreeSet<Integer> deleted = new TreeSet<>();
    private int seq;

    @Test
    void endsARunThatKeepsTooManyBytes() {
        JournalWriter writer = writer(new JournalBounds(1_000, 100));

        append(writer, entry("0", 400), entry("1", 600));
        writer.append(noted(entry("2", 10)))
                .as(StepVerifier::create)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(JournalFullException.class)
                        .hasMessageContaining("1010 bytes")
                        .hasMessageContaining("output.as"))
                .verify(DEADLINE);

        assertThat(written).hasSize(2);
    }

    @Test
    void endsARunThatKeepsTooManyEntries() {
        JournalWriter writer = writer(new JournalBounds(1_000_000, 2));

        append(writer, entry("0", 10), entry("1", 10));
        writer.append(noted(entry("2", 10)))
                .as(StepVerifier::create)
                .expectError(JournalFullException.class)
                .verify(DEADLINE);
    }

    @Test
    void countsOnlyWhatCheckpointsLeave() {
        JournalWriter writer = writer(new JournalBounds(1_000, 100));

        for (int turn = 0; turn < 100; turn++) {
            append(writer, entry("0/i" + turn + "/0", 400), checkpoint("0/i" + turn, 400));
        }

        assertThat(written).hasSize(200);
    }

    @Test
    void deletesWhatIsReplacedAndNothingBeforeTheCheckpointIsCommitted() {
        JournalWriter writer = writer(JournalBounds.DEFAULT);
        append(writer, entry("0", 10));
        append(
                writer,
                IntStream.range(0, JournalWriter.FORGET - 1)
                        .mapToObj(i -> entry("1~" + i, 10))
                        .toArray(Entry[]::new));
        append(writer, checkpoint("~2000", 10));
        assertThat(deleted).hasSize(JournalWriter.FORGET).doesNotContain(seq);

        append(writer, entry("0~2000", 10));
        assertThat(SurvivingEntries.of(kept())).extracting(Entry::path).containsExactly("~2000", "0~2000");
    }

    @Test
    void forgetsNothingWhenTheWriteOfTheCheckpointWasBrokenOff() {
        JournalWriter writer = new JournalWriter(
                List.of(),
                entries -> JournalRow.of(ID, new OrganizationId(ID), ID, 0, entries, 1_000),
                row -> Mono.never(),
                this::delete,
                JournalBounds.DEFAULT);
        List<Entry> many = new ArrayList<>();
        IntStream.range(0, 2 * JournalWriter.FORGET).forEach(i -> many.add(entry("0/" + i, 10)));
        many.add(checkpoint("0", 10));

        writer.append(noted(many.toArray(Entry[]::new)))
                .as(StepVerifier::create)
                .thenCancel()
                .verify(DEADLINE);

        assertThat(deleted).isEmpty();
    }

    /** What is counted as it is written is what a reader finds, whatever repeats inside whatever. */
    @Test
    void countsWhatReplayWouldRead() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<Entry> all = new ArrayList<>();
            Extent extent = new Extent();
            Set<Integer> gone = new HashSet<>();
            seq = 0;
            list("", 2, random, all);
            all.forEach(entry -> gone.addAll(
                    extent.add(new Heading(entry.seq(), entry.kind(), entry.path(), 0, null, entry.seq()))));

            List<Entry> surviving = SurvivingEntries.of(all);
            assertThat(extent.entries()).as("seed %d", seed).isEqualTo(surviving.size());
            assertThat(extent.bytes())
                    .as("seed %d", seed)
                    .isEqualTo(surviving.stream().mapToLong(Entry::seq).sum());
            List<Entry> left =
                    all.stream().filter(entry -> !gone.contains(entry.seq())).toList();
            assertThat(left).as("seed %d", seed).isEqualTo(surviving);
        }
    }

    /** A list of tasks as an interpreter would go through it, jumping back now and then. */
    private void list(String at, int depth, Random random, List<Entry> all) {
        int turn = 0;
        for (int index = 0; index < 4; index++) {
            String task = join(at, turn == 0 ? "" + index : index + "~" + turn);
            switch (depth == 0 ? 0 : random.nextInt(4)) {
                case 1 -> list(task, depth - 1, random, all);
                case 2 -> list(join(task, "t" + random.nextInt(2)), depth - 1, random, all);
                case 3 -> loop(task, depth, random, all);
                default -> all.add(entry(task, 10));
            }
            if (random.nextInt(5) == 0) {
                all.add(checkpoint(task, 10));
            }
            if (random.nextInt(4) == 0 && turn < 5) {
                index = random.nextInt(index + 1) - 1;
                turn++;
                if (random.nextBoolean()) {
                    all.add(checkpoint(join(at, "~" + turn), 10));
                }
            }
        }
    }

    private void loop(String at, int depth, Random random, List<Entry> all) {
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            String iteration = join(at, "i" + i);
            list(iteration, depth - 1, random, all);
            if (random.nextInt(3) == 0) {
                all.add(checkpoint(iteration, 10));
            }
        }
    }

    private static String join(String outer, String segment) {
        return outer.isEmpty() ? segment : outer + "/" + segment;
    }

    private List<Entry> kept() {
        return written.stream().filter(entry -> !deleted.contains(entry.seq())).toList();
    }

    private JournalWriter writer(JournalBounds bounds) {
        return new JournalWriter(
                List.of(),
                entries -> JournalRow.of(ID, new OrganizationId(ID), ID, 0, entries, 1_000),
                this::commit,
                this::delete,
                bounds);
    }

    private Mono<Void> commit(JournalRow row) {
        return Mono.fromRunnable(() -> row.lines().forEach(line -> written.add(line.entry())));
    }

    private Mono<Void> delete(List<Integer> seqs) {
        return Mono.fromRunnable(() -> deleted.addAll(seqs));
    }

    private static void append(JournalWriter writer, Entry... entries) {
        writer.append(noted(entries)).as(StepVerifier::create).expectComplete().verify(DEADLINE);
    }

    private static List<Noted> noted(Entry... entries) {
        return Stream.of(entries)
                .map(entry -> new Noted(entry, List.of(), List.of()))
                .toList();
    }

    private Entry entry(String path, int bytes) {
        return entry(EntryKind.COMPLETED, path, bytes);
    }

    private Entry checkpoint(String path, int bytes) {
        return entry(EntryKind.CHECKPOINT, path, bytes);
    }

    private Entry entry(EntryKind kind, String path, int bytes) {
        return new Entry(++seq, kind, path, "do", 0, Instant.EPOCH, Json.string("x".repeat(bytes - 2)));
    }
}
