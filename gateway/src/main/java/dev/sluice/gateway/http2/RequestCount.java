package dev.sluice.gateway.http2;

import java.util.concurrent.atomic.AtomicInteger;

/** Requests on all HTTP/2 connections of a server, up to a bound. Thread-safe. */
final class RequestCount {

    private final AtomicInteger requests = new AtomicInteger();
    private final int most;

    RequestCount(int most) {
        this.most = most;
    }

    /** Whether there is room for one more, which is to leave then. */
    boolean enter() {
        if (requests.incrementAndGet() <= most) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        requests.decrementAndGet();
    }
}
