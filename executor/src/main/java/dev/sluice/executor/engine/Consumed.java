package dev.sluice.executor.engine;

import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Lifetime;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.journal.Receipt;
import dev.sluice.shared.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * How far a subscription to a channel has come: pure, and the same whenever the same messages are consumed. Immutable.
 *
 * @param count  messages consumed so far
 * @param output what became of them
 * @param lastId by which the channel goes on, null where there is nothing of the kind
 * @param seq    entry of the one that is known to be the last
 * @param then   {@code end} when the tasks of a message ended the workflow
 * @param enough whether nothing more will be consumed
 */
record Consumed(
        int count,
        ArrayNode output,
        @Nullable String lastId,
        State state,
        @Nullable Integer seq,
        FlowDirective then,
        boolean enough) {

    static Consumed nothing(State state) {
        return new Consumed(0, Json.array(), null, state, null, FlowDirective.CONTINUE, false);
    }

    /** After a message, of which nothing is in the output yet. */
    Consumed message(Receipt receipt, State after, int entry) {
        String id = receipt.id() == null ? lastId : receipt.id();
        return new Consumed(count + 1, output, id, after, receipt.last() ? entry : null, then, receipt.last());
    }

    /** With a value more in the output. */
    Consumed with(JsonNode value, State after) {
        ArrayNode more = Json.array();
        more.addAll(output);
        more.add(value);
        return new Consumed(count, more, lastId, after, seq, then, enough);
    }

    Consumed end() {
        return new Consumed(count, output, lastId, state, seq, then, true);
    }

    Consumed end(FlowDirective directive) {
        return new Consumed(count, output, lastId, state, seq, directive, true);
    }

    /** At the end of its time, which an entry says. */
    Consumed over(State after, int entry) {
        return new Consumed(count, output, lastId, after, entry, then, true);
    }

    /** Whether there are enough, which is asked before the first message and after each. */
    boolean suffices(Lifetime lifetime, Arguments scope) {
        if (lifetime.amount() != null) {
            return count >= lifetime.amount();
        }
        return holds(lifetime.until(), scope)
                || (count > 0 && lifetime.proceed() != null && !holds(lifetime.proceed(), scope));
    }

    private boolean holds(@Nullable Expression condition, Arguments scope) {
        return condition != null && condition.test(output, scope.with("context", state.context()));
    }
}
