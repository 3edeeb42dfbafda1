package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Values;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The builtins that make values of values, by {@code name/arity}. */
public final class NativeTable {

    private static final Map<String, Native> ALL = all();

    private NativeTable() {}

    /** The builtin of that name and number of arguments, or null where there is none. */
    public static @Nullable Native get(String signature) {
        return ALL.get(signature);
    }

    /** What makes a string of a value by a format, whose name has no {@code @}; null where there is none. */
    public static @Nullable Native format(String name) {
        return TextBuiltins.format(name);
    }

    /** The names of all, with their arities. */
    public static Set<String> names() {
        return ALL.keySet();
    }

    private static Map<String, Native> all() {
        Map<String, Native> all = new HashMap<>();
        all.putAll(TypeBuiltins.TABLE);
        all.putAll(CollectionBuiltins.TABLE);
        all.putAll(TextBuiltins.TABLE);
        all.putAll(MathBuiltins.TABLE);
        all.putAll(DateBuiltins.TABLE);
        all.putAll(RegexBuiltins.TABLE);
        all.putAll(Pieces.TABLE);
        return Map.copyOf(all);
    }

    static JqException wrong(JsonNode value, String what) {
        return new JqException(Values.described(value) + ' ' + what);
    }
}
