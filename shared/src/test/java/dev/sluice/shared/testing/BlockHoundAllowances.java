package dev.sluice.shared.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * The frames inside which a blocking call is accepted, beyond what Reactor and Netty declare for themselves. Each entry
 * is one frame with the reason why it cannot stall an event loop for long; a thread's root frame (for example {@code
 * FastThreadLocalRunnable.run}) would switch BlockHound off and never belongs here. Empty is the aim.
 */
public final class BlockHoundAllowances implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {}
}
