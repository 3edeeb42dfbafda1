package dev.sluice.gateway.breaker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Leaves alone what fails too often. Lock-free; instants are nanoseconds of a monotonic clock.
 *
 * <pre>
 *            half of 20 or more failed                the time is over
 *   Closed ─────────────────────────────▶ Open ───────────────────────────▶ Trying
 *     ▲                                     ▲          one of them failed      │
 *     │                                     └──────────────────────────────────┤
 *     └────────────────────────────────────────────────────────────────────────┘
 *                                all of the trials succeeded
 * </pre>
 *
 * <p>What is counted while closed fades: at {@value #WINDOW} both numbers are halved, so that it is about the last so many.
 */
public final class Breaker {

    /** For which nothing is sent. */
    public static final Duration PAUSE = Duration.ofSeconds(5);

    private static final int WINDOW = 50;
    private static final int AT_LEAST = 20;
    private static final int TRIALS = 5;

    private final AtomicReference<State> state = new AtomicReference<>(new Closed(0, 0));

    /** Closed. */
    public Breaker() {}

    private sealed interface State {}

    private record Closed(int calls, int failures) implements State {

        Closed next(int failed) {
            int all = calls + 1;
            int bad = failures + failed;
            return all < WINDOW ? new Closed(all, bad) : new Closed(all / 2, bad / 2);
        }

        boolean isTooMuch() {
            return calls >= AT_LEAST && failures * 2 >= calls;
        }
    }

    private record Open(long untilNanos) implements State {}

    /** So many may still be tried, so many have succeeded. */
    private record Trying(int left, int succeeded) implements State {}

    /** Whether something may be sent; if so, one of the others is to follow. */
    public boolean tryEnter(long nowNanos) {
        while (true) {
            State now = state.get();
            State next = switch (now) {
                case Closed closed -> closed;
                case Open open -> nowNanos - open.untilNanos < 0 ? open : new Trying(TRIALS - 1, 0);
                case Trying trying -> trying.left == 0 ? trying : new Trying(trying.left - 1, trying.succeeded);
            };
            if (next.equals(now)) {
                return now instanceof Closed;
            }
            if (state.compareAndSet(now, next)) {
                return true;
            }
        }
    }

    /** Whether something may be sent, as far as can be seen; nothing changes. */
    public boolean isWell(long nowNanos) {
        return switch (state.get()) {
            case Closed closed -> true;
            case Open open -> nowNanos - open.untilNanos >= 0;
            case Trying trying -> trying.left > 0;
        };
    }

    /** It went well. */
    public void succeeded() {
        update(now -> switch (now) {
            case Closed closed -> closed.next(0);
            case Open open -> open;
            case Trying trying ->
                trying.succeeded + 1 == TRIALS ? new Closed(0, 0) : new Trying(trying.left, trying.succeeded + 1);
        });
    }

    /** It did not. */
    public void failed(long nowNanos) {
        Open open = new Open(nowNanos + PAUSE.toNanos());
        update(now -> switch (now) {
            case Closed closed -> closed.next(1).isTooMuch() ? open : closed.next(1);
            case Open before -> before;
            case Trying trying -> open;
        });
    }

    /** Nobody will know. */
    public void withdrawn() {
        update(now -> switch (now) {
            case Closed closed -> closed;
            case Open open -> open;
            case Trying trying -> new Trying(Math.min(trying.left + 1, TRIALS), trying.succeeded);
        });
    }

    private void update(UnaryOperator<State> change) {
        State ignored = state.updateAndGet(change);
    }
}
