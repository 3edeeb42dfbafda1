package dev.sluice.loadtest.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Output;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** A program compiled by jackson-jq. It runs without bounds, in one scope for all runs: less than an engine would need. */
final class JacksonJq {

    private static final Version VERSION = Versions.JQ_1_7;
    private static final Scope BUILTINS = builtins();

    private final JsonQuery query;

    JacksonJq(String source) throws JsonQueryException {
        this.query = JsonQuery.compile(source, VERSION);
    }

    JsonNode last(JsonNode input) throws JsonQueryException {
        Last last = new Last();
        query.apply(BUILTINS, input, last);
        return last.value;
    }

    private static Scope builtins() {
        Scope scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(VERSION, scope);
        return scope;
    }

    private static final class Last implements Output {

        private JsonNode value = NullNode.getInstance();

        @Override
        public void emit(JsonNode output) {
            value = output;
        }
    }
}
