package dev.sluice.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FrameBudgetTest {

    private static final long WINDOW = 100;

    private final FrameBudget budget = new FrameBudget(3, WINDOW, 0);

    @Test
    void givesSoManyInEachWindow() {
        assertThat(budget.spend(1) && budget.spend(2) && budget.spend(3)).isTrue();
        assertThat(budget.spend(WINDOW)).isFalse();
        assertThat(budget.spend(WINDOW + 1)).isTrue();
    }

    @Test
    void givesNothingForWhatWasEarnedButWhatItWasEarnedFor() {
        budget.earn(1000);
        assertThat(budget.spend(1) && budget.spend(2) && budget.spend(3)).isTrue();
        assertThat(budget.spend(1)).isFalse();
        assertThat(budget.spendEarned(1)).isTrue();
    }

    @Test
    void remembersNoMoreThanSomeOfWhatWasEarned() {
        budget.earn(1_000_000);
        budget.earn(1_000_000);
        int free = 0;
        while (budget.spendEarned(1)) {
            free++;
        }
        assertThat(free).isEqualTo(FrameBudget.MOST_EARNED + 3);
    }
}
