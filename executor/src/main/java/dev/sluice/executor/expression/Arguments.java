package dev.sluice.executor.expression;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The named values an expression sees as {@code $name}. Immutable: adding a value makes a new scope in which it shadows
 * an older one, so a scope may be shared by branches and threads. A lazy value is made at most once per scope and thread
 * that asks, which is why its supplier must be pure.
 */
public final class Arguments {

    /** No values. */
    public static final Arguments NONE = new Arguments(null, "", () -> null);

    private final @Nullable Arguments outer;
    private final String name;
    private final Supplier<? extends @Nullable JsonNode> supplier;
    private volatile @Nullable JsonNode value;

    private Arguments(@Nullable Arguments outer, String name, Supplier<? extends @Nullable JsonNode> supplier) {
        this.outer = outer;
        this.name = name;
        this.supplier = supplier;
    }

    /** This scope and one more value; the name has no {@code $}. */
    public Arguments with(String added, JsonNode addedValue) {
        Arguments scope = new Arguments(this, added, () -> addedValue);
        scope.value = addedValue;
        return scope;
    }

    /** This scope and one more value that is made when an expression first asks for it. */
    public Arguments withLazy(String added, Supplier<JsonNode> maker) {
        return new Arguments(this, added, maker);
    }

    /** The value of a name, or null when nothing has it. */
    public @Nullable JsonNode get(String wanted) {
        for (Arguments scope = this; scope != null; scope = scope.outer) {
            if (scope.name.equals(wanted)) {
                return scope.resolve();
            }
        }
        return null;
    }

    private @Nullable JsonNode resolve() {
        JsonNode known = value;
        if (known == null) {
            known = supplier.get();
            value = known;
        }
        return known;
    }
}
