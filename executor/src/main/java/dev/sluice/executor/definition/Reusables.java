package dev.sluice.executor.definition;

import dev.sluice.shared.json.Json;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The components under {@code use} that tasks name: authentications, catalogs, errors, functions, retries, timeouts. */
final class Reusables {

    private static final int MOST_SECRETS = 20;

    /** Of components with what they are named for, in bytes: a large one that many tasks name is compiled as often. */
    private static final int MOST_WRITTEN_OUT = 4 << 20;

    private final Violations violations;
    private final Map<String, Map<String, Component>> components;
    private final Set<String> secrets;
    private @Nullable JsonNode extensions;
    private int writtenOut;

    /**
     * What a name stands for.
     *
     * @param size in bytes, as JSON
     */
    private record Component(JsonNode value, int size) {

        static Component of(JsonNode value) {
            return new Component(value, Json.bytes(value).length);
        }
    }

    Reusables(Violations violations) {
        this(violations, new LinkedHashMap<>(), new LinkedHashSet<>());
    }

    private Reusables(Violations violations, Map<String, Map<String, Component>> components, Set<String> secrets) {
        this.violations = violations;
        this.components = components;
        this.secrets = secrets;
    }

    /** The same once they are read, for a part that is compiled by itself. */
    Reusables reporting(Violations own) {
        return new Reusables(own, components, secrets);
    }

    /** Reads {@code use}; what is in a component is checked where it is compiled. */
    void read(@Nullable Fields use) {
        if (use == null) {
            return;
        }
        readSecrets(use);
        extensions = use.get("extensions");
        for (String kind : new String[] {"authentications", "catalogs", "errors", "functions", "retries", "timeouts"}) {
            JsonNode named = use.get(kind);
            if (named != null && !named.isObject()) {
                violations.report(use.pointer(kind), "must be an object, not " + Fields.kind(named));
            }
            Map<String, Component> byName = new LinkedHashMap<>();
            if (named != null) {
                named.properties()
                        .forEach(property -> byName.put(property.getKey(), Component.of(property.getValue())));
            }
            components.put(kind, byName);
        }
        use.close();
    }

    private void readSecrets(Fields use) {
        JsonNode names = use.get("secrets");
        boolean texts = names == null || (names.isArray() && names.valueStream().allMatch(JsonNode::isString));
        if (!texts) {
            violations.report(use.pointer("secrets"), "must be a list of names");
        } else if (names != null && names.size() > MOST_SECRETS) {
            violations.report(
                    use.pointer("secrets"), "more than " + MOST_SECRETS + " secrets, which each run would hold");
        } else if (names != null) {
            names.valueStream().map(JsonNode::stringValue).forEach(secrets::add);
        }
    }

    /** The names in {@code use.secrets}. */
    Set<String> secrets() {
        return secrets;
    }

    /** Reports a secret that the document does not say that it uses. */
    void checkSecret(String name, String pointer) {
        if (!secrets.contains(name)) {
            violations.report(
                    pointer, "there is no '" + name + "' in use.secrets" + Suggestions.didYouMean(name, secrets));
        }
    }

    /** {@code use.extensions} as it stands. */
    @Nullable
    JsonNode extensions() {
        return extensions;
    }

    Set<String> names(String kind) {
        return components.getOrDefault(kind, Map.of()).keySet();
    }

    static String pointer(String kind, String name) {
        return Pointers.child("/use/" + kind, name);
    }

    JsonNode get(String kind, String name) {
        return component(kind, name).value();
    }

    private Component component(String kind, String name) {
        Component component = components.getOrDefault(kind, Map.of()).get(name);
        if (component == null) {
            throw new IllegalArgumentException("No component " + name + " in use." + kind);
        }
        return component;
    }

    /**
     * Whether there is such a component, and those that are named can be compiled for each that names them; reported at the pointer of
     * the reference when not.
     */
    boolean check(String kind, String name, String pointer) {
        boolean there = names(kind).contains(name);
        if (!there) {
            violations.report(
                    pointer, "there is no '" + name + "' in use." + kind + violations.didYouMean(name, names(kind)));
            return false;
        }
        int size = component(kind, name).size();
        if (writtenOut > MOST_WRITTEN_OUT - size) {
            violations.report(
                    pointer,
                    "what is named of 'use' would have more than " + MOST_WRITTEN_OUT
                            + " bytes if it were written where it is named");
            return false;
        }
        writtenOut += size;
        return true;
    }
}
