package dev.sluice.executor.engine;

import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a call is made with.
 *
 * @param organization   whose call it is
 * @param input          the task's transformed input
 * @param scope          what its expressions see
 * @param evaluations    evaluate its expressions
 * @param instance       JSON pointer of the task
 * @param idempotencyKey the same for each repetition whose former outcome is unknown
 * @param traceparent    W3C trace context of the run, absent when it has none
 * @param limit          longest time it may take
 * @param permitted      whether the call may still be made; asked again right before it is sent
 */
public record Invocation(
        OrganizationId organization,
        JsonNode input,
        Arguments scope,
        Evaluations evaluations,
        String instance,
        String idempotencyKey,
        @Nullable String traceparent,
        Duration limit,
        BooleanSupplier permitted) {

    /** The same whose expressions see one more value. */
    public Invocation seeing(String name, JsonNode value) {
        return new Invocation(
                organization,
                input,
                scope.with(name, value),
                evaluations,
                instance,
                idempotencyKey,
                traceparent,
                limit,
                permitted);
    }
}
