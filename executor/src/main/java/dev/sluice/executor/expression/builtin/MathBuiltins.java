package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.math.Functions;
import dev.sluice.executor.expression.value.Arithmetic;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Values;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoublePredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Builtins on numbers. */
final class MathBuiltins {

    static final Map<String, Native> TABLE = table();

    private MathBuiltins() {}

    private static Map<String, Native> table() {
        Map<String, Native> table = new HashMap<>();
        table.put("infinite/0", (in, arguments, budget) -> Numbers.of(Double.POSITIVE_INFINITY));
        table.put("nan/0", (in, arguments, budget) -> Numbers.of(Double.NaN));
        table.put("isinfinite/0", test(Double::isInfinite));
        table.put("isnan/0", test(Double::isNaN));
        table.put("isnormal/0", test(value -> Double.isFinite(value) && Math.abs(value) >= Double.MIN_NORMAL));
        table.put("abs/0", (in, arguments, budget) -> absolute(in));
        Functions.UNARY.forEach((name, function) ->
                table.put(name + "/0", (in, arguments, budget) -> Numbers.of(function.applyAsDouble(number(in)))));
        Functions.PAIRS.forEach((name, function) ->
                table.put(name + "/0", (in, arguments, budget) -> pair(function.apply(number(in)), budget)));
        Functions.BINARY.forEach((name, function) -> table.put(
                name + "/2",
                (in, arguments, budget) ->
                        Numbers.of(function.applyAsDouble(number(arguments[0]), number(arguments[1])))));
        Functions.TERNARY.forEach((name, function) -> table.put(
                name + "/3",
                (in, arguments, budget) -> Numbers.of(
                        function.applyAsDouble(number(arguments[0]), number(arguments[1]), number(arguments[2])))));
        return table;
    }

    private static Native test(DoublePredicate predicate) {
        return (in, arguments, budget) -> Values.of(in.isNumber() && predicate.test(Numbers.value(in)));
    }

    private static double number(JsonNode value) {
        if (!value.isNumber()) {
            throw NativeTable.wrong(value, "number required");
        }
        return Numbers.value(value);
    }

    private static JsonNode pair(Functions.Pair pair, Budget budget) {
        ArrayNode array = Values.array(2, budget);
        array.add(Numbers.of(pair.first()));
        array.add(Numbers.of(pair.second()));
        return array;
    }

    /** A number without its sign, all its digits kept; what is more than a number is as it is. */
    static JsonNode absolute(JsonNode in) {
        boolean below = in.isNumber() ? Numbers.value(in) < 0 : in.isNull() || in.isBoolean();
        if (below) {
            return Arithmetic.negate(in);
        }
        return in.isNumber() && Numbers.value(in) == 0 && !Numbers.isInt(in) ? Numbers.of(0L) : in;
    }
}
