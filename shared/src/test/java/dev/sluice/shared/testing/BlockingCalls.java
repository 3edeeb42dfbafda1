package dev.sluice.shared.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Remembers each blocking call made on a non-blocking thread. BlockHound's error alone is not enough: operators and
 * event loops swallow it, and the test stays green. Found by BlockHound through {@code META-INF/services}.
 */
public final class BlockingCalls implements BlockHoundIntegration {
    /** Enough to see the pattern; a loop that blocks a thousand times needs no thousand stack traces. */
    private static final int REMEMBERED = 20;

    private static final ConcurrentLinkedQueue<Call> CALLS = new ConcurrentLinkedQueue<>();

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.blockingMethodCallback(BlockingCalls::refuse);
    }

    private static void refuse(BlockingMethod method) {
        var error = new BlockingOperationError(method);
        if (CALLS.size() < REMEMBERED) {
            CALLS.add(new Call(Thread.currentThread().getName(), error));
        }
        throw error;
    }

    /** The calls since the last drain, which are then forgotten; a canary asks here so that it does not fail itself. */
    public static List<Call> drain() {
        List<Call> drained = new ArrayList<>();
        for (Call call = CALLS.poll(); call != null; call = CALLS.poll()) {
            drained.add(call);
        }
        return drained;
    }

    /** One blocking call: where, and on which thread. */
    public record Call(String thread, BlockingOperationError error) {}
}
