package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** So many at a time, and the others in turn. */
final class FairTurnsTest {

    private static final OrganizationId ONE = new OrganizationId(new UUID(0, 1));
    private static final OrganizationId OTHER = new OrganizationId(new UUID(0, 2));

    private final FairTurns turns = new FairTurns(1, 4);
    private final List<String> begun = new ArrayList<>();

    @CanIgnoreReturnValue
    private Disposable begin(OrganizationId whose, String name, Mono<Void> work) {
        return turns.inTurn(whose, Mono.defer(() -> {
                    begun.add(name);
                    return work;
                }))
                .subscribe(value -> {}, error -> {});
    }

    @Test
    void oneOrganizationComesAfterTheOther() {
        Sinks.Empty<Void> end = Sinks.empty();
        Disposable first = begin(ONE, "a", end.asMono());
        begin(ONE, "b", Mono.empty());
        begin(ONE, "c", Mono.error(new IllegalStateException("fails")));
        begin(OTHER, "d", Mono.empty());
        assertThat(begun).containsExactly("a");

        assertThat(end.tryEmitEmpty().isSuccess()).isTrue();

        assertThat(first.isDisposed()).isTrue();
        assertThat(begun).containsExactly("a", "b", "d", "c");
        begin(ONE, "e", Mono.empty());
        assertThat(begun).endsWith("e");
    }

    @Test
    void whoLeavesGivesTheTurnOn() {
        Disposable first = begin(ONE, "a", Mono.never());
        Disposable waiting = begin(ONE, "b", Mono.never());
        begin(ONE, "c", Mono.empty());
        waiting.dispose();
        assertThat(begun).containsExactly("a");

        first.dispose();

        assertThat(begun).containsExactly("a", "c");
        begin(OTHER, "d", Mono.empty());
        assertThat(begun).endsWith("d");
    }

    @Test
    void refusesWhomItHasNoPlaceFor() {
        begin(ONE, "a", Mono.never());
        begin(ONE, "b", Mono.never());
        begin(ONE, "c", Mono.never());

        assertThatExceptionOfType(SluiceException.class)
                .isThrownBy(() -> turns.inTurn(ONE, Mono.empty()).block())
                .satisfies(error -> assertThat(error.type()).isEqualTo(ProblemType.UNAVAILABLE));
        begin(OTHER, "d", Mono.never());
        assertThat(begun).containsExactly("a");
    }
}
