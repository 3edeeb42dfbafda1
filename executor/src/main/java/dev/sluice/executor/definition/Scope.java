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

    private static final String SECRETS = "secrets";
    private static final String AUTHORIZATION = "authorization";

    /** Names with a meaning of their own, which no author may give to something else. */
    static final Set<String> RESERVED =
            Set.of("context", "input", "output", "task", "workflow", "runtime", "secrets", "authorization");

    Scope {
        locals = Set.copyOf(locals);
    }

    /** For the workflow's own properties. */
    static Set<String> workflow() {
        return Set.of("workflow", "runtime");
    }

    static Set<String> workflowInput() {
        return Set.of("workflow", "runtime", SECRETS);
    }

    static Set<String> workflowOutput() {
        return Set.of("context", "workflow", "runtime");
    }

    /** For {@code if}, which precedes the task's input. */
    Set<String> before() {
        return plus("context", "task", "workflow", "runtime");
    }

    /** For {@code input.from}. */
    Set<String> input() {
        return plus("context", "task", "workflow", "runtime", SECRETS);
    }

    /** For the task's own properties. */
    Set<String> definition() {
        return plus("context", "task", "workflow", "runtime", "input");
    }

    /** For the arguments of a call and its authentication. */
    Set<String> call() {
        return plus("context", "task", "workflow", "runtime", "input", SECRETS);
    }

    /** The same for the arguments of a call that authenticates. */
    static Set<String> authenticated(Set<String> call) {
        Set<String> all = new TreeSet<>(call);
        all.add(AUTHORIZATION);
        return all;
    }

    /** For {@code output.as}; only calls that authenticate have an authorization. */
    Set<String> output(boolean call) {
        return call ? plus("context", "task", "workflow", "runtime", "input", AUTHORIZATION) : definition();
    }

    /** For {@code export.as}. */
    Set<String> export(boolean call) {
        Set<String> all = new TreeSet<>(output(call));
        all.add("output");
        return all;
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
