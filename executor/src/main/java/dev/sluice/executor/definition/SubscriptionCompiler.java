package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles {@code subscription} of {@code call: asyncapi} (DSL reference, "AsyncAPI Subscription"). */
final class SubscriptionCompiler {

    /** All that is consumed is in the output. */
    private static final int MOST = 10_000;

    private final Compilers compilers;

    SubscriptionCompiler(Compilers compilers) {
        this.compilers = compilers;
    }

    /**
     * What is done with messages that come.
     *
     * @param filter   of those that are consumed, absent for all
     * @param lifetime when there are enough
     * @param foreach  what is done with each, absent for nothing
     */
    record Consuming(
            @Nullable Expression filter,
            Lifetime lifetime,
            @Nullable EventLoop foreach) {}

    /** What the property says; what is missing or wrong is reported. */
    Consuming compile(Fields subscription, Scope scope) {
        Set<String> variables = scope.definition();
        Expression filter = compilers.expressions().optional(subscription, "filter", variables);
        boolean given = subscription.required("consume") != null;
        Fields consume = given ? subscription.object("consume") : null;
        Fields foreach = subscription.object("foreach");
        subscription.close();
        Lifetime lifetime = consume == null ? new Lifetime(1, null, null, null) : lifetime(consume, variables);
        return new Consuming(
                filter, lifetime, foreach == null ? null : compilers.events().loop(foreach, scope));
    }

    private Lifetime lifetime(Fields consume, Set<String> variables) {
        int ways = (consume.has("amount") ? 1 : 0) + (consume.has("while") ? 1 : 0) + (consume.has("until") ? 1 : 0);
        if (ways != 1 && consume.present()) {
            compilers.violations().report(consume.pointer(), "needs exactly one of amount, while, until");
        }
        Lifetime lifetime = new Lifetime(
                consume.integer("amount", 1, MOST),
                compilers.durations().optional(consume, "for", variables),
                compilers.expressions().optional(consume, "while", variables),
                compilers.expressions().optional(consume, "until", variables));
        consume.close();
        return lifetime;
    }
}
