package dev.sluice.executor.definition;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The types of lifecycle events (DSL, "Lifecycle Events"). Filters take them by their type, or by a pattern that is about them:
 * what is told of each run of an organization would otherwise come to whoever takes "each event", and each such run would
 * bring forth the next.
 */
public final class LifecycleTypes {

    /** What all of them begin with. */
    public static final String PREFIX = "io.serverlessworkflow.";

    /** Stands for the type of a filter that has a pattern which matches some of them, and maybe others. */
    public static final String FAMILY = PREFIX + "*";

    /** What the source of an event begins with that tells of a run; its id follows. */
    public static final String SOURCE = "urn:sluice:run:";

    private static final String VERSION = ".v1";
    private static final String WORKFLOW = PREFIX + "workflow.";
    private static final String TASK = PREFIX + "task.";

    /** What a run as a whole begins with, and comes to. */
    private static final Set<String> OF_RUN = types(WORKFLOW, "started suspended resumed cancelled faulted completed");

    private static final Set<String> OF_TASK =
            types(TASK, "created started suspended resumed retried cancelled faulted completed status-changed");

    private static final Set<String> ALL = Stream.of(
                    OF_RUN, types(WORKFLOW, "correlation-started correlation-completed status-changed"), OF_TASK)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** No lifecycle event's type: a pattern that matches it too is about events of all kinds. */
    private static final String ANY_OTHER = "com.example.order-1.paid";

    private LifecycleTypes() {}

    /** The type of what happened to a workflow, such as {@code completed}. */
    public static String ofWorkflow(String verb) {
        return type(WORKFLOW, verb);
    }

    /** The type of what happened to a task. */
    public static String ofTask(String verb) {
        return type(TASK, verb);
    }

    /** Whether it is the type of a change of a run as a whole, which is told by whatever makes that change. */
    public static boolean isOfRun(String type) {
        return OF_RUN.contains(type);
    }

    /** The type of the change of status that comes with an event of a type. */
    public static String statusChanged(String type) {
        return type(type.startsWith(TASK) ? TASK : WORKFLOW, "status-changed");
    }

    /** What happened, by the type of its event: {@code completed}. */
    public static String verb(String type) {
        String named = type.substring(0, type.length() - VERSION.length());
        return named.substring(named.lastIndexOf('.') + 1);
    }

    /** Whether a filter may take an event of a type, by what it has for a type; absent when that is not fixed. */
    public static boolean mayPass(@Nullable String filter, String type) {
        return filter == null || filter.equals(type) || filter.equals(FAMILY);
    }

    /** Whether a filter with some type may take what happens to tasks, or to the correlations of a run. */
    static boolean watches(String type) {
        return type.equals(FAMILY) || (ALL.contains(type) && !OF_RUN.contains(type));
    }

    /** Whether an event tells of a run's lifecycle. */
    static boolean isToldBy(JsonNode envelope) {
        return ALL.contains(envelope.path("type").asString(""))
                && envelope.path("source").asString("").startsWith(SOURCE);
    }

    /** Whether a pattern is meant for lifecycle events: it matches some of them, and not just any event. */
    static boolean areMeantBy(ValuePattern pattern) {
        return !pattern.matches(ANY_OTHER) && ALL.stream().anyMatch(pattern::matches);
    }

    private static Set<String> types(String subject, String verbs) {
        Set<String> types = new HashSet<>();
        for (String verb : verbs.split(" ", -1)) {
            types.add(type(subject, verb));
        }
        return Set.copyOf(types);
    }

    private static String type(String subject, String verb) {
        return subject + verb + VERSION;
    }
}
