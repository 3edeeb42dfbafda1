package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.value.Access;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Values;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code target.a.b.c} as one access. */
final class Fields extends Scalar {

    private final Scalar target;
    private final String[] names;
    private final JsonNode[] keys;
    private final int[] at;
    private final boolean fromInput;

    private Fields(Scalar target, String[] names, JsonNode[] keys, int[] at) {
        super(1 + target.height(), 2 + target.pathsHeight());
        this.target = target;
        this.names = names;
        this.keys = keys;
        this.at = at;
        this.fromInput = target instanceof Leaves.Identity;
    }

    static Fields of(Scalar target, String name, int at) {
        if (target instanceof Fields before) {
            String[] names = Arrays.copyOf(before.names, before.names.length + 1);
            JsonNode[] keys = Arrays.copyOf(before.keys, names.length);
            int[] places = Arrays.copyOf(before.at, names.length);
            names[names.length - 1] = name;
            keys[names.length - 1] = Values.of(name);
            places[names.length - 1] = at;
            return new Fields(before.target, names, keys, places);
        }
        return new Fields(target, new String[] {name}, new JsonNode[] {Values.of(name)}, new int[] {at});
    }

    /** The names that lead from the input, none where it begins elsewhere. */
    List<String> names() {
        return fromInput ? List.of(names) : List.of();
    }

    /** Whether it is about parts of the input. */
    boolean isOfInput() {
        return fromInput;
    }

    /** Where in the program a name is. */
    int at(int index) {
        return at[index];
    }

    @Override
    boolean isDetached() {
        return target.isDetached();
    }

    @Override
    @Nullable
    JsonNode one(Frame frame, JsonNode in) {
        JsonNode value = fromInput ? in : target.one(frame, in);
        if (value == null) {
            return null;
        }
        for (int i = 0; i < names.length; i++) {
            value = field(value, i);
        }
        return value;
    }

    private JsonNode field(JsonNode value, int i) {
        try {
            return Access.field(value, names[i]);
        } catch (JqException e) {
            throw e.at(at[i]);
        }
    }

    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        return target.paths(frame, path, in, (found, value) -> {
            Path here = found;
            JsonNode child = value;
            for (int i = 0; i < names.length; i++) {
                if (!here.isSome()) {
                    throw PathErrors.accessed(child, keys[i]).at(at[i]);
                }
                here = here.then(keys[i], budget(frame));
                child = field(child, i);
            }
            return out.accept(here, child);
        });
    }
}
