package dev.sluice.executor.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Reopening.Rerun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RerunPlacesTest {

    /** What surrounds the place has ended behind it, and so has what was noted of that end. */
    @ParameterizedTest
    @CsvSource({
        "0/1, 0/1, true",
        "0/1, 0/1/z, true",
        "0/1, 0/0, false",
        "0/1, 0/0/z, false",
        "0/1, 0, true",
        "0/1, 0/z, true",
        "0/1, 1, true",
        "2/1, 0/1/z, false",
        "'', 0/z, true"
    })
    void supersedesWhatIsAtAPlaceOrBehindIt(String from, String path, boolean superseded) {
        assertThat(new Rerun(from).supersedes(path)).isEqualTo(superseded);
    }
}
