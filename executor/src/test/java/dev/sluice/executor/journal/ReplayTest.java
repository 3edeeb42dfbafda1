package dev.sluice.executor.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTest {

    @Test
    void keepsWhatNoCheckpointCovers() {
        Replay replay = replay("0", "1/0", "2~1/i3/0");

        assertThat(replay.byPath()).containsOnlyKeys("0", "1/0", "2~1/i3/0");
    }

    @Test
    void supersedesWhatIsInsideAClosedTask() {
        Replay replay = replay("1/0", "1/t0/0/i2/1", "!1", "10/0", "1~1/0");

        assertThat(replay.byPath()).containsOnlyKeys("1", "10/0", "1~1/0");
    }

    @Test
    void supersedesIterationsUpToTheLastThatWasNoted() {
        Replay replay = replay("0/i0/0", "0/i1/0", "!0/i1", "0/i2/0", "!0/i3", "0/i3/5", "0/i10/0", "4/i0/0");

        assertThat(replay.byPath()).containsOnlyKeys("0/i3", "0/i10/0", "4/i0/0");
        assertThat(replay.iterations()).containsOnly(Map.entry("0", 3));
    }

    @Test
    void supersedesTheTurnsOfAListUpToTheLastThatWasNoted() {
        Replay replay = replay(
                "0", "1", "0~1", "1~1/0", "!~2", "0~2", "!~11", "0~11", "1~11/t0/0", "1~11/t0/0~1", "!1~11/t0/~2");

        assertThat(replay.byPath()).containsOnlyKeys("~11", "0~11", "1~11/t0/~2");
        assertThat(replay.turns()).containsOnly(Map.entry("", 11), Map.entry("1~11/t0", 2));
    }

    @Test
    void letsAnOuterCheckpointSupersedeTheInner() {
        Replay replay = replay("0/i0/0", "!0/i0", "!0", "1");

        assertThat(replay.byPath()).containsOnlyKeys("0", "1");
    }

    @Test
    void passesOverWhatARetryDoesAgain() {
        Replay replay = replay("1/f0/2", "1/f1/0/b", "1/f1/0", "1/w", "?1/f1/0");

        assertThat(replay.byPath()).containsOnlyKeys("1/f0/2", "?");
    }

    @Test
    void countsWhatComesAfterAReopening() {
        Replay replay = replay("0", "1", "?1", "1");

        assertThat(replay.byPath().get("1")).extracting(Entry::seq).isEqualTo(4);
    }

    @Test
    void passesOverWhatIsBehindTheVisitThatARerunBeginsAt() {
        Replay replay = replay("0", "2", "3/0", "3/1", "!3", "1~1", "2~1", "10~1", ">3/1");

        assertThat(replay.byPath()).containsOnlyKeys("0", "2", "3/0", "?");
    }

    @Test
    void opensALoopAgainThatARerunBeginsBefore() {
        Replay replay = replay("0", "1/i0/0", "1/i1/0", "!1/i1", "1/i2/0", ">1");

        assertThat(replay.byPath()).containsOnlyKeys("0", "?");
        assertThat(replay.iterations()).isEmpty();
    }

    @Test
    void passesOverEverythingWhenARerunBeginsAtTheBeginning() {
        assertThat(replay("0", "!1", "2/w", ">").byPath()).containsOnlyKeys("?");
    }

    /** Paths of entries; those of checkpoints begin with an exclamation mark, of retries with ?, of reruns with >. */
    private static Replay replay(String... paths) {
        List<Entry> entries = new ArrayList<>();
        for (String path : paths) {
            char mark = path.charAt(0);
            if (mark == '?' || mark == '>') {
                Reopening reopening = mark == '?'
                        ? new Reopening.Retry(path.substring(1), null)
                        : new Reopening.Rerun(path.substring(1));
                entries.add(new Entry(
                        entries.size() + 1, EntryKind.REOPENED, "?", "", 0, Instant.EPOCH, reopening.toJson()));
                continue;
            }
            boolean checkpoint = path.startsWith("!");
            entries.add(new Entry(
                    entries.size() + 1,
                    checkpoint ? EntryKind.CHECKPOINT : EntryKind.COMPLETED,
                    checkpoint ? path.substring(1) : path,
                    "do",
                    1,
                    Instant.EPOCH,
                    Json.object()));
        }
        return Replay.of(entries);
    }
}
