package dev.sluice.executor.definition;

import dev.sluice.executor.asyncapi.Endpoint;
import dev.sluice.executor.asyncapi.Messages;
import dev.sluice.executor.expression.Template;
import org.jspecify.annotations.Nullable;

/**
 * A channel that messages come from.
 *
 * @param endpoint       where it is
 * @param messages       what they may be
 * @param arguments      gives an object of the server's {@code variables}
 * @param authentication how whoever subscribes says who it is, absent for not at all
 */
public record ChannelSubscription(
        Endpoint endpoint,
        Messages messages,
        Template arguments,
        @Nullable Authentication authentication) {}
