package dev.sluice.executor.definition;

import dev.sluice.executor.asyncapi.Endpoint;
import dev.sluice.executor.asyncapi.Messages;
import dev.sluice.executor.expression.Template;
import org.jspecify.annotations.Nullable;

/**
 * A message that is published where that is no request: over WebSocket, or to a channel of Redis.
 *
 * @param endpoint       where to
 * @param messages       what it may be, and how it is written
 * @param message        gives an object of {@code payload} and {@code variables}
 * @param authentication how it says who publishes it, absent for not at all
 */
public record PublishCall(
        Endpoint endpoint,
        Messages messages,
        Template message,
        @Nullable Authentication authentication) implements Call {}
