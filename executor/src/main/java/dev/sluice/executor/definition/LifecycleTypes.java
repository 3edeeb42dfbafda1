package dev.sluice.executor.definition;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The types of lifecycle events (DSL, "Lifecycle Events"), and which of them workflows can take. Filters take them by their
 * type in full: what is told of each run of an organization would otherwise come to whoever takes "each event", and each
 * such run would bring forth the next.
 */
public final class LifecycleTypes {

    /** What all of them begin with. */
    public static final String PREFIX = "io.serverlessworkflow.";

    /** What the source of an event begins with that tells of a run; its id follows. */
    public static final String SOURCE = "urn:sluice:run:";

    /** Those that are stored for whoever listens. */
    private static final Set<String> STORED =
            types("workflow", "started suspended resumed cancelled faulted completed");

    /** Those that are told on a run's own stream alone, and those that are told nowhere. */
    private static final Set<String> OTHERS = Stream.of(
                    types("workflow", "correlation-started correlation-completed status-changed"),
                    types(
                            "task",
                            "created started suspended resumed retried cancelled faulted completed status-changed"))
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** No lifecycle event's type: a pattern that matches it too is about events of all kinds. */
    private static final String ANY_OTHER = "com.example.order-1.paid";

    private LifecycleTypes() {}

    /** The type of what happened to a workflow, such as {@code completed}. */
    public static String ofWorkflow(String verb) {
        return PREFIX + "workflow." + verb + ".v1";
    }

    /** Whether an event tells of a run's lifecycle. */
    static boolean isToldBy(JsonNode envelope) {
        return STORED.contains(envelope.path("type").asString(""))
                && envelope.path("source").asString("").startsWith(SOURCE);
    }

    /** Whether a type is one that nobody can listen for. */
    static boolean unavailable(String type) {
        return OTHERS.contains(type);
    }

    /** Whether a pattern is meant for lifecycle events: it matches some of them, and not just any event. */
    static boolean areMeantBy(ValuePattern pattern) {
        return !pattern.matches(ANY_OTHER)
                && Stream.of(STORED, OTHERS).flatMap(Set::stream).anyMatch(pattern::matches);
    }

    private static Set<String> types(String subject, String verbs) {
        return Stream.of(verbs.split(" ", -1))
                .map(verb -> PREFIX + subject + "." + verb + ".v1")
                .collect(Collectors.toUnmodifiableSet());
    }
}
