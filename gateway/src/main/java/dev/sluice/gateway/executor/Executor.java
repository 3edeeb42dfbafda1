package dev.sluice.gateway.executor;

import dev.sluice.gateway.breaker.Breaker;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.netty.http.client.HttpClient;

/**
 * One executor as this gateway sees it. Each request that is sent to it is begun, and then one of the other things becomes of
 * it. Thread-safe, does not block.
 */
public final class Executor {

    private final HttpClient client;
    private final Breaker breaker = new Breaker();
    private final AtomicInteger waiting = new AtomicInteger();

    Executor(HttpClient client) {
        this.client = client;
    }

    /** Connects to it whatever path it is given. */
    public HttpClient client() {
        return client;
    }

    /** Something is sent to it. */
    public void begin() {
        waiting.incrementAndGet();
        // Where all fail, one of them is tried all the same.
        boolean ignored = breaker.tryEnter(System.nanoTime());
    }

    /** It answered. */
    public void answered(int status) {
        waiting.decrementAndGet();
        if (status == 502 || status == 503 || status == 504) {
            breaker.failed(System.nanoTime());
        } else {
            breaker.succeeded();
        }
    }

    /** It did not. */
    public void failed() {
        waiting.decrementAndGet();
        breaker.failed(System.nanoTime());
    }

    /** Nobody waited for how it would answer. */
    public void withdrawn() {
        waiting.decrementAndGet();
        breaker.withdrawn();
    }

    boolean isWell() {
        return breaker.isWell(System.nanoTime());
    }

    /** Requests that it has not begun to answer. */
    int waiting() {
        return waiting.get();
    }
}
