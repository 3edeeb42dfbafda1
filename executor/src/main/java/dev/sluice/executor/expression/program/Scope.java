package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.syntax.Term;
import dev.sluice.executor.expression.syntax.Term.Definition;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The names that a part of a program sees, the innermost first. Immutable, but for what is compiled of functions meanwhile. */
final class Scope {

    /** No names but the builtins'. */
    static final Scope EMPTY = new Scope(null, null, 0);

    private final @Nullable Scope outer;
    private final @Nullable Binding binding;
    private final int size;

    private Scope(@Nullable Scope outer, @Nullable Binding binding, int size) {
        this.outer = outer;
        this.binding = binding;
        this.size = size;
    }

    /** How many names there are, those that others hide included. */
    int size() {
        return size;
    }

    Scope with(Binding added) {
        return new Scope(this, added, size + 1);
    }

    /** A function of the program, which sees itself. */
    Scope with(Definition definition, Level level, boolean recursive) {
        Function function = new Function(definition, level, false, recursive);
        function.scope = with(function);
        return function.scope;
    }

    /** A function of the language. */
    static Function library(Definition definition, Level level) {
        Function function = new Function(definition, level, true, Recursion.isRecursive(definition));
        function.scope = EMPTY.with(function);
        return function;
    }

    @Nullable
    Variable variable(String name) {
        return (Variable) find(each -> each instanceof Variable variable && variable.name.equals(name));
    }

    @Nullable
    Label label(String name) {
        return (Label) find(each -> each instanceof Label label && label.name.equals(name));
    }

    /** What a call is of: a function, or a parameter of the function around. */
    @Nullable
    Binding callable(String name, int arity) {
        return find(each -> switch (each) {
            case Function function -> function.is(name, arity);
            case Inlined inlined -> arity == 0 && inlined.name.equals(name);
            case Parameter parameter -> arity == 0 && parameter.name.equals(name);
            case Variable variable -> false;
            case Label label -> false;
        });
    }

    private @Nullable Binding find(Predicate<Binding> wanted) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.binding != null && wanted.test(scope.binding)) {
                return scope.binding;
            }
        }
        return null;
    }

    /** What a name stands for. */
    sealed interface Binding {}

    /** A variable in a slot. */
    record Variable(String name, Level level, int slot) implements Binding {}

    /** A label, whose mark is in a slot. */
    record Label(String name, Level level, int slot) implements Binding {}

    /** A parameter that stands for a part of the caller's program, with the names which that sees. */
    record Inlined(String name, Term term, Scope scope, int origin) implements Binding {}

    /** A parameter that is a closure when the program runs. */
    record Parameter(String name, Level level, int index, boolean one) implements Binding {}

    /** A function of the program, or one written in jq that belongs to the language. */
    static final class Function implements Binding {

        private final Definition definition;
        private final Level level;
        private final boolean library;
        private final boolean recursive;
        private final Map<Integer, Compiled> routines = new HashMap<>();
        private Scope scope = EMPTY;

        private Function(Definition definition, Level level, boolean library, boolean recursive) {
            this.definition = definition;
            this.level = level;
            this.library = library;
            this.recursive = recursive;
        }

        Definition definition() {
            return definition;
        }

        /** Where it is defined. */
        Level level() {
            return level;
        }

        /** Whether it belongs to the language, and its places mean nothing to the program's author. */
        boolean isLibrary() {
            return library;
        }

        boolean isRecursive() {
            return recursive;
        }

        /** What its body sees, its parameters not yet. */
        Scope scope() {
            return scope;
        }

        /** What has been compiled of it, by which of its closures have one output at most, a bit for each. */
        Map<Integer, Compiled> routines() {
            return routines;
        }

        private boolean is(String name, int arity) {
            return definition.name().equals(name) && definition.parameters().size() == arity;
        }
    }

    /**
     * A function compiled for some closures.
     *
     * @param one whether it has one output at most
     */
    record Compiled(Routine routine, boolean one) {}

    /** The frame that a part of a program runs in: its place in the nesting of definitions, and its slots so far. */
    static final class Level {

        private final int depth;
        private int slots;

        Level(int depth) {
            this.depth = depth;
        }

        int slot() {
            return slots++;
        }

        int slots() {
            return slots;
        }

        Level inner() {
            return new Level(depth + 1);
        }

        /** How many definitions further out another frame is. */
        int hopsTo(Level other) {
            return depth - other.depth;
        }
    }
}
