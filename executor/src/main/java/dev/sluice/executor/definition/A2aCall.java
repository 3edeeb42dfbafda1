package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call of an agent over JSON-RPC as A2A 0.3 has it (DSL reference, "A2A Call").
 *
 * @param method         one of {@link #METHODS}
 * @param endpoint       gives the URI of the agent's JSON-RPC interface as text
 * @param parameters     gives an object of the method's parameters, absent for none
 * @param authentication how it says who makes it, absent for not at all
 */
public record A2aCall(
        String method,
        Template endpoint,
        @Nullable Template parameters,
        @Nullable Authentication authentication) implements Call {

    /** What the DSL lets workflows ask for. */
    public static final List<String> METHODS = List.of(
            "message/send",
            "message/stream",
            "tasks/get",
            "tasks/list",
            "tasks/cancel",
            "tasks/resubscribe",
            "tasks/pushNotificationConfig/set",
            "tasks/pushNotificationConfig/get",
            "tasks/pushNotificationConfig/list",
            "tasks/pushNotificationConfig/delete",
            "agent/getAuthenticatedExtendedCard");

    private static final Set<String> STREAMED = Set.of("message/stream", "tasks/resubscribe");

    /** Whether the agent answers with a stream of results. */
    public boolean isStreamed() {
        return STREAMED.contains(method);
    }
}
