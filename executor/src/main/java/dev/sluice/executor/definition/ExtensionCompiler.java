package dev.sluice.executor.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code use.extensions}, in whose tasks none applies. */
final class ExtensionCompiler {

    private static final String ALL = "all";
    private static final String COMPOSITE = "composite";
    private static final Set<String> EXTENDABLE =
            Set.of("call", COMPOSITE, "emit", "for", "listen", "raise", "run", "set", "switch", "try", "wait", ALL);

    private final Compilers compilers;
    private final Violations violations;
    private final Map<String, List<Extension>> byKind = new LinkedHashMap<>();

    ExtensionCompiler(Compilers compilers) {
        this.compilers = compilers;
        this.violations = compilers.violations();
    }

    /** What applies to tasks with a keyword, in the order of the document. */
    List<Extension> of(String keyword) {
        return byKind.getOrDefault(keyword, List.of());
    }

    /** Compiles them; before this there are none, so that none of them extends another. */
    void compile(@Nullable JsonNode list, String pointer) {
        if (list == null) {
            return;
        }
        if (!list.isArray()) {
            violations.report(pointer, "must be a list of extensions, not " + Fields.kind(list));
            return;
        }
        Map<String, List<Extension>> compiled = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            String place = Pointers.child(pointer, i);
            if (!item.isObject() || item.size() != 1) {
                violations.report(place, "must be one extension under its name");
            }
            for (Map.Entry<String, JsonNode> entry : item.properties()) {
                String at = Pointers.child(place, entry.getKey());
                if (!names.add(entry.getKey())) {
                    violations.report(at, "there is another extension '" + entry.getKey() + "'; names must differ");
                }
                compilers.names().plain(entry.getKey(), at);
                extension(entry.getKey(), Fields.of(entry.getValue(), at, violations), compiled);
            }
        }
        compiled.forEach((keyword, extensions) -> byKind.put(keyword, List.copyOf(extensions)));
    }

    /** All of them, each once. */
    List<Extension> all() {
        return byKind.values().stream().flatMap(List::stream).distinct().toList();
    }

    private void extension(String name, Fields fields, Map<String, List<Extension>> compiled) {
        String extend = fields.requiredText("extend");
        Extension extension = new Extension(
                name,
                compilers.expressions().optional(fields, "when", Scope.OUTERMOST.before()),
                fields.has("before") ? compilers.lists().compile(fields, "before", Scope.OUTERMOST) : null,
                fields.has("after") ? compilers.lists().compile(fields, "after", Scope.OUTERMOST) : null);
        fields.close();
        if (extend == null) {
            return;
        }
        if (!EXTENDABLE.contains(extend)) {
            violations.report(
                    fields.pointer("extend"),
                    "'" + extend + "' is no kind of task that can be extended"
                            + Suggestions.didYouMean(extend, EXTENDABLE));
        }
        List<String> keywords = switch (extend) {
            case ALL -> TaskCompiler.KINDS;
            case COMPOSITE -> List.of("do");
            default -> List.of(extend);
        };
        keywords.forEach(keyword ->
                compiled.computeIfAbsent(keyword, _ -> new ArrayList<>()).add(extension));
    }
}
