package dev.sluice.executor.definition;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which variables an expression may use, by where it stands (DSL, "Runtime expression arguments").
 *
 * @param locals names given by the enclosing {@code for} and {@code catch}
 */
record Scope(Set<String> locals) {

    static final Scope OUTERMOST = new Scope(Set.of());

    /** Names with a meaning of their own, which no author may give to something else. */
    static final Set<String> RESERVED =
            Set.of("context", "input", "output", "task", "workflow", "runtime", "secrets", "authorization");

    Scope {
        locals = Set.copyOf(locals);
    }

    static Set<String> workflowInput() {
        return Set.of("workflow", "runtime");
    }

    static Set<String> workflowOutput() {
        return Set.of("context", "workflow", "runtime");
    }

    /** For {@code if} and {@code input.from}, which precede the task's input. */
    Set<String> before() {
        return plus("context", "task", "workflow", "runtime");
    }

    /** For the task's own properties and {@code output.as}. */
    Set<String> definition() {
        return plus("context", "task", "workflow", "runtime", "input");
    }

    Set<String> export() {
        return plus("context", "task", "workflow", "runtime", "input", "output");
    }

    Scope with(String... names) {
        return new Scope(plus(names));
    }

    private Set<String> plus(String... names) {
        Set<String> all = new TreeSet<>(locals);
        all.addAll(Arrays.asList(names));
        return all;
    }
}
