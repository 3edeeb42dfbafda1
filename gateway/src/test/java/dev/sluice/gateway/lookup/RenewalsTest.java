package dev.sluice.gateway.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RenewalsTest {

    @Test
    void oneThatThrowsHoldsUpNobody() {
        AtomicInteger reads = new AtomicInteger();
        Renewals<String> renewals = new Renewals<>(key -> {
            if (reads.incrementAndGet() == 1) {
                throw new IllegalStateException("unreadable");
            }
            return CompletableFuture.completedFuture(key);
        });
        assertThat(renewals.renew("a")).isCompletedWithValue(false);
        assertThat(renewals.renew("a")).isCompletedWithValue(true);
        assertThat(reads).hasValue(2);
    }
}
