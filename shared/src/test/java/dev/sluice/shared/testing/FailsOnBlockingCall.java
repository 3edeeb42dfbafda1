package dev.sluice.shared.testing;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test during which a non-blocking thread made a blocking call. On for all tests of every module through
 * {@code META-INF/services} and {@code junit-platform.properties}. A call that comes late, on a thread that outlives its
 * test, fails the next test or the class: the stack trace names the thread.
 */
public final class FailsOnBlockingCall implements AfterEachCallback, AfterAllCallback {
    @Override
    public void afterEach(ExtensionContext context) {
        failIfAnyCallBlocked();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        failIfAnyCallBlocked();
    }

    static void failIfAnyCallBlocked() {
        List<BlockingCalls.Call> calls = BlockingCalls.drain();
        if (calls.isEmpty()) {
            return;
        }
        var failure = new AssertionError(calls.size() + " blocking call(s) on non-blocking threads: "
                + calls.stream().map(FailsOnBlockingCall::describe).toList());
        calls.forEach(call -> failure.addSuppressed(call.error()));
        throw failure;
    }

    private static String describe(BlockingCalls.Call call) {
        return call.error().getMessage() + " on " + call.thread();
    }
}
