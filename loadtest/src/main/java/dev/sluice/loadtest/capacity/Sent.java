package dev.sluice.loadtest.capacity;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;

/** What became of numbered requests. Thread-safe while they are sent. */
final class Sent {

    final Latencies latencies = new Latencies();
    private final BitSet accepted = new BitSet();
    private final BitSet unknown = new BitSet();
    private final AtomicLong refusals = new AtomicLong();
    private double seconds;

    synchronized void accepted(int number) {
        accepted.set(number);
    }

    /** No answer came: it may have been accepted. */
    synchronized void unknown(int number) {
        unknown.set(number);
    }

    void refused() {
        refusals.incrementAndGet();
    }

    synchronized void took(double more) {
        seconds += more;
    }

    synchronized double seconds() {
        return seconds;
    }

    synchronized int accepted() {
        return accepted.cardinality();
    }

    /** One more than the highest number that was sent to its end. */
    synchronized int next() {
        return Math.max(accepted.length(), unknown.length());
    }

    synchronized BitSet acceptedNumbers() {
        return (BitSet) accepted.clone();
    }

    synchronized BitSet unknownNumbers() {
        return (BitSet) unknown.clone();
    }

    /** Such as {@code 1000 accepted, 1234 per second; p50 …}. */
    synchronized String rate() {
        return "%d accepted in %s, %s"
                .formatted(accepted(), Quantity.seconds(seconds), Quantity.rate(accepted(), seconds));
    }

    /** Refusals, which were sent again, and requests without an answer. */
    synchronized String troubles() {
        return "%d refused and sent again, %d without an answer".formatted(refusals.get(), unknown.cardinality());
    }
}
