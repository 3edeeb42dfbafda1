package dev.sluice.shared.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * The frames inside which a blocking call is accepted, beyond what Reactor and Netty declare for themselves. Each entry
 * is one frame with the reason why it cannot stall an event loop for long; a thread's root frame (for example {@code
 * FastThreadLocalRunnable.run}) would switch BlockHound off and never belongs here. Few is the aim.
 */
public final class BlockHoundAllowances implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        // Reads a few bytes from /dev/urandom, which never waits once the system is up. Netty's DNS client and the
        // SCRAM login of PostgreSQL do so on their event loops, once per connection.
        builder.allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully");
        // Lettuce guards a connection's writers by a lock that is held for a few instructions. A call refused here
        // leaves its count of writers at -1 (7.5.2 counts down what it did not count up), and every writer spins.
        builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters");
        // It asks before each command how many wait for a connection: a bounded queue, whose size is read under a lock
        // that is
        // held for a few instructions.
        builder.allowBlockingCallsInside("io.lettuce.core.protocol.DefaultEndpoint", "validateWrite");
        // Netty's allocator adds magazines under contention and waits for one that a thread is just allocating from.
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
        // A pool of threads is given work under locks that are held for a few instructions; what it runs is not inside.
        builder.allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "addWorker");
        builder.allowBlockingCallsInside("java.util.concurrent.LinkedBlockingQueue", "offer");
        // The common pool spins for the few instructions in which another thread adds its queue to it. Lettuce gives
        // its
        // handshake there from its event loop, once per connection.
        builder.allowBlockingCallsInside("java.util.concurrent.ForkJoinPool", "spinLockRunState");
    }
}
