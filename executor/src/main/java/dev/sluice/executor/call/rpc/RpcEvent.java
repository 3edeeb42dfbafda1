package dev.sluice.executor.call.rpc;

import dev.sluice.shared.outbound.OutboundHead;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes of one request over HTTP, in the order in which it comes. */
public sealed interface RpcEvent {

    /** It was taken; first, and followed by what there is. */
    record Accepted(OutboundHead head) implements RpcEvent {}

    /**
     * It was not taken; the only one.
     *
     * @param reason what the body has of a reason, empty when it has none
     */
    record Refused(OutboundHead head, String reason) implements RpcEvent {}

    /**
     * Messages came.
     *
     * @param messages none for an event of a stream that says only where the stream is
     * @param lastId   where the stream is, empty when it does not say
     * @param pause    how long to wait before the stream is asked for again, absent when it does not say
     */
    record Received(
            List<RpcMessage> messages,
            String lastId,
            @Nullable Duration pause) implements RpcEvent {}

    /**
     * What came cannot be read; last.
     *
     * @param tooLarge because there is too much of it
     */
    record Broken(String reason, boolean tooLarge) implements RpcEvent {}
}
