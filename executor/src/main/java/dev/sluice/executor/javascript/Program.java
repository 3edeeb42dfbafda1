package dev.sluice.executor.javascript;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A script and what it is given.
 *
 * @param code        an ECMAScript module
 * @param arguments   in {@code process.argv} from its third element on
 * @param environment {@code process.env}
 * @param stdin       what can be read from standard input
 */
public record Program(String code, List<String> arguments, Map<String, String> environment, String stdin) {

    /** What a text costs besides its characters. */
    private static final int EACH = 64;

    /** Copies the collections, in their order. */
    public Program {
        arguments = List.copyOf(arguments);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** How much it is given, in characters: of each text, and so many more for what each costs by itself. */
    public long size() {
        long size = stdin.length();
        for (String argument : arguments) {
            size += argument.length() + EACH;
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            size += variable.getKey().length() + variable.getValue().length() + EACH;
        }
        return size;
    }
}
