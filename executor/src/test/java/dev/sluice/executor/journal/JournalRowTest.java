package dev.sluice.executor.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JournalRowTest {

    private static final UUID ID = new UUID(1, 2);

    @Test
    void keepsTogetherWhatIsSmallEnough() {
        assertThat(sizes(1_000, 100, 100, 100)).containsExactly(List.of(1, 2, 3));
    }

    @Test
    void splitsInOrderWhatIsTooMuchForOneStatement() {
        assertThat(sizes(250, 100, 100, 100, 100, 100)).containsExactly(List.of(1, 2), List.of(3, 4), List.of(5));
    }

    @Test
    void givesAnEntryThatIsTooLargeARowOfItsOwn() {
        assertThat(sizes(250, 100, 1_000, 100)).containsExactly(List.of(1), List.of(2), List.of(3));
        assertThat(sizes(250, 1_000)).containsExactly(List.of(1));
    }

    /** The sequence numbers of each row, for entries whose payloads have so many bytes. */
    private static List<List<Integer>> sizes(long maxBytes, int... payloads) {
        List<Noted> entries = IntStream.range(0, payloads.length)
                .mapToObj(i -> new Noted(entry(i + 1, payloads[i]), List.of(), List.of()))
                .toList();
        assertThat(Arrays.stream(payloads).sum())
                .isEqualTo((int) JournalRow.of(ID, new OrganizationId(ID), ID, 0, entries, Long.MAX_VALUE)
                        .getFirst()
                        .bytes());
        return JournalRow.of(ID, new OrganizationId(ID), ID, 0, entries, maxBytes).stream()
                .map(row -> row.lines().stream().map(line -> line.entry().seq()).toList())
                .toList();
    }

    private static Entry entry(int seq, int bytes) {
        return new Entry(seq, EntryKind.COMPLETED, "0", "set", 0, Instant.EPOCH, Json.string("x".repeat(bytes - 2)));
    }
}
