package dev.sluice.shared.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceParentTest {

    private static final String VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void readsAndWritesTheSpecificationsExample() {
        assertThat(TraceParent.parse(VALID)).get().hasToString(VALID);
    }

    @Test
    void readsTheKnownPartOfALaterVersion() {
        assertThat(TraceParent.parse("cc" + VALID.substring(2) + "-what-comes-later"))
                .get()
                .hasToString(VALID);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01extra",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g"
            })
    void refusesWhatIsMalformed(String value) {
        assertThat(TraceParent.parse(value)).isEmpty();
    }

    @Test
    void keepsTheTraceAndChangesTheSpanForAHop() {
        TraceParent parent = TraceParent.create();
        TraceParent child = parent.child();
        assertThat(child.traceId()).isEqualTo(parent.traceId());
        assertThat(child.spanId()).isNotEqualTo(parent.spanId());
        assertThat(TraceParent.parse(child.toString())).contains(child);
    }

    @Test
    void validatesItsParts() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TraceParent("x", "y", 0));
    }
}
