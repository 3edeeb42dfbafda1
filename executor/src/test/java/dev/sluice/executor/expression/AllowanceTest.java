package dev.sluice.executor.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.expression.limit.Limits;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** What may be used where somebody waits behind the thread. */
final class AllowanceTest {

    private static final Limits LIMITS = Allowance.LIMITS;
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Expression QUICK = Expressions.compile("1 + 1", Set.of());
    private static final Expression LONGER = Expressions.compile("[range(1000)] | length", Set.of());

    /** Far below its steps: each of them may take as long as a hundred others. */
    @Test
    void isUsedUpWhenItsTimeIsOver() {
        Allowance over = Allowance.brief(LIMITS, 1_000_000, 1 << 20, Duration.ofNanos(1));
        assertThatThrownBy(() -> evaluated(over, LONGER)).isInstanceOf(Unfinished.class);
    }

    @Test
    void takesNoLookAtTheClockForLittle() {
        Allowance over = Allowance.brief(LIMITS, 1_000_000, 1 << 20, Duration.ofNanos(1));
        assertThat(evaluated(over, QUICK).intValue()).isEqualTo(2);
    }

    /** None of which is long enough to look at the clock itself. */
    @Test
    void looksAtTheClockBetweenManyThatAreShort() {
        Expression small = Expressions.compile("[range(20)] | length", Set.of());
        Allowance over = Allowance.brief(LIMITS, 1_000_000, 1 << 20, Duration.ofNanos(1));
        assertThatThrownBy(() -> over.during(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        assertThat(small.evaluate(NullNode.getInstance(), Arguments.NONE)
                                        .intValue())
                                .isEqualTo(20);
                    }
                    return true;
                }))
                .isInstanceOf(Unfinished.class);
    }

    @Test
    void isUsedUpByAllTogether() {
        Allowance little = Allowance.brief(LIMITS, 3_000, 1 << 20, LONG);
        assertThatThrownBy(() -> little.during(() -> {
                    for (int i = 0; i < 10; i++) {
                        assertThat(LONGER.evaluate(NullNode.getInstance(), Arguments.NONE)
                                        .intValue())
                                .isEqualTo(1_000);
                    }
                    return true;
                }))
                .isInstanceOf(Unfinished.class);
        assertThat(evaluated(Allowance.brief(LIMITS, 3_000, 1 << 20, LONG), LONGER)
                        .intValue())
                .isEqualTo(1_000);
    }

    private static JsonNode evaluated(Allowance allowance, Expression expression) {
        return allowance.during(() -> expression.evaluate(NullNode.getInstance(), Arguments.NONE));
    }
}
