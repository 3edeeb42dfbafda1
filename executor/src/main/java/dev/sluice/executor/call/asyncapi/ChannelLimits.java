package dev.sluice.executor.call.asyncapi;

import java.time.Duration;

/**
 * What channels may take of a node.
 *
 * @param maxSubscriptions subscriptions at once; one more fails
 * @param maxPublishing    messages that are being published at once, over WebSocket and to Redis each; one more fails
 * @param maxMessage       bytes of one message
 * @param maxSilence       longest time without a word on a stream of events; comments count
 */
public record ChannelLimits(int maxSubscriptions, int maxPublishing, int maxMessage, Duration maxSilence) {

    /** Validates that each is one. */
    public ChannelLimits {
        if (maxSubscriptions < 1 || maxPublishing < 1 || maxMessage < 1 || !maxSilence.isPositive()) {
            throw new IllegalArgumentException("maxSubscriptions: " + maxSubscriptions + ", maxPublishing: "
                    + maxPublishing + ", maxMessage: " + maxMessage + ", maxSilence: " + maxSilence
                    + " (expected: > 0)");
        }
    }
}
