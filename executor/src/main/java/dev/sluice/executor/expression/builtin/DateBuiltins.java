package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.date.Dates;
import dev.sluice.executor.expression.limit.Budget;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Builtins on dates. Local time is UTC, wherever the machine is, so that an evaluation is the same on all. */
final class DateBuiltins {

    private static final ZoneId ZONE = ZoneOffset.UTC;

    static final Map<String, Native> TABLE = Map.of(
            "strptime/1", (in, arguments, budget) -> Dates.strptime(in, arguments[0], budget),
            "mktime/0", (in, arguments, budget) -> Dates.mktime(in),
            "gmtime/0", (in, arguments, budget) -> Dates.gmtime(paid(in, budget)),
            "localtime/0", (in, arguments, budget) -> Dates.localtime(paid(in, budget), ZONE),
            "strftime/1", (in, arguments, budget) -> Dates.strftime(in, arguments[0], budget),
            "strflocaltime/1", (in, arguments, budget) -> Dates.strflocaltime(in, arguments[0], ZONE, budget));

    private DateBuiltins() {}

    private static JsonNode paid(JsonNode in, Budget budget) {
        budget.bytes(Dates.BROKEN_DOWN);
        return in;
    }
}
