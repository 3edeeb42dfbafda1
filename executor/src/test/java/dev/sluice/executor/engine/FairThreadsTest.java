package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FairThreadsTest {

    private static final OrganizationId MINE = new OrganizationId(Ids.next());

    @Test
    void whatWaitsIsDoneAlthoughAThreadBreaks() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        FairThreads threads = FairThreads.of("test", 1, 10, work -> {
            Thread thread = new Thread(work);
            thread.setUncaughtExceptionHandler((broken, error) -> {});
            return thread;
        });
        threads.offer(MINE, work(() -> {
            go.await();
            throw new IllegalStateException("broken");
        }));
        threads.offer(MINE, work(done::countDown));
        go.countDown();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        threads.dispose();
    }

    private interface Action {
        void run() throws InterruptedException;
    }

    private static FairThreads.Work work(Action action) {
        return new FairThreads.Work() {
            @Override
            public void run() {
                try {
                    action.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void refused() {
                throw new AssertionError("refused");
            }
        };
    }
}
