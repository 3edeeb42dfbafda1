package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.program.Calls.Argument;
import dev.sluice.executor.expression.program.Compiler.Place;
import dev.sluice.executor.expression.program.Scope.Compiled;
import dev.sluice.executor.expression.program.Scope.Function;
import dev.sluice.executor.expression.program.Scope.Inlined;
import dev.sluice.executor.expression.program.Scope.Level;
import dev.sluice.executor.expression.program.Scope.Parameter;
import dev.sluice.executor.expression.syntax.Term;
import dev.sluice.executor.expression.syntax.Term.Definition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles functions: into their callers where they can be, else by themselves for each kind of closures that they are given. */
final class Functions {

    /** Functions within functions that are compiled into one; further ones wait, so that compiling is not nested without end. */
    private static final int MAX_INLINED = 48;

    /** Levels of nested terms from which on functions wait, too. */
    private static final int MAX_DEPTH = Compiler.MAX_DEPTH / 2;

    /** Nodes of a program from which on nothing is compiled into callers any more. */
    private static final int MAX_NODES = 20_000;

    /** Closures whose kind is told apart. */
    private static final int MAX_KINDS = 30;

    private final Compiler compiler;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Set<Definition> checked = Collections.newSetFromMap(new IdentityHashMap<>());
    private final IdentityHashMap<Definition, Boolean> recursive = new IdentityHashMap<>();
    private int nesting;

    Functions(Compiler compiler) {
        this.compiler = compiler;
    }

    void compileWaiting() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    /** Found out once, as a definition is met again wherever the function around it is compiled into. */
    boolean isRecursive(Definition definition) {
        return recursive.computeIfAbsent(definition, Recursion::isRecursive);
    }

    /** Finds the problems of a function that nobody may call. */
    void check(Function function, Place place) {
        if (checked.add(function.definition())) {
            waiting.add(() -> complete(new Routine(), function, 0, place.origin()));
        }
    }

    Node call(Function function, Term.Call call, Place place) {
        boolean inlined = !function.isRecursive() && isShallow() && compiler.nodes() < MAX_NODES;
        if (!inlined) {
            return routineCall(function, call, place);
        }
        nesting++;
        Node node = inlined(function, call, place);
        nesting--;
        return node;
    }

    /** Whether a function may be compiled while another is. */
    private boolean isShallow() {
        return nesting < MAX_INLINED && compiler.depth() < MAX_DEPTH;
    }

    private Node inlined(Function function, Term.Call call, Place place) {
        Definition definition = function.definition();
        int origin = function.isLibrary() ? place.at(call) : place.origin();
        Scope scope = function.scope();
        boolean last = place.last();
        List<Node> sources = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < definition.parameters().size(); i++) {
            Term.Parameter parameter = definition.parameters().get(i);
            Term argument = call.arguments().get(i);
            scope = scope.with(new Inlined(parameter.name(), argument, place.scope(), place.origin()));
            if (parameter.value()) {
                Node source = compiler.compile(argument, place.inner());
                int slot = place.level().slot();
                sources.add(source);
                slots.add(slot);
                last &= source instanceof Scalar;
                scope = scope.with(new Scope.Variable(parameter.name(), place.level(), slot));
            }
        }
        Node body = compiler.compile(definition.body(), new Place(scope, place.level(), last, origin));
        for (int i = sources.size() - 1; i >= 0; i--) {
            body = Bind.of(sources.get(i), new Take.Name(slots.get(i)), body);
        }
        return body;
    }

    private Node routineCall(Function function, Term.Call call, Place place) {
        List<Argument> arguments = new ArrayList<>();
        int kinds = 0;
        for (int i = 0; i < call.arguments().size(); i++) {
            Term argument = call.arguments().get(i);
            boolean one;
            if (passed(argument, place) instanceof Parameter parameter) {
                arguments.add(new Argument.Passed(place.level().hopsTo(parameter.level()), parameter.index()));
                one = parameter.one();
            } else {
                int from = place.level().slots();
                Node part = compiler.compile(argument, place.inner());
                arguments.add(new Argument.Part(part, from, place.level().slots()));
                one = part instanceof Scalar;
            }
            kinds |= one && i < MAX_KINDS ? 1 << i : 0;
        }
        Compiled compiled = routine(function, kinds, function.isLibrary() ? place.at(call) : place.origin());
        int hops = place.level().hopsTo(function.level());
        Calls.Target target = new Calls.Target(compiled.routine(), hops, List.copyOf(arguments), place.last());
        return compiled.one() ? new Calls.OneCall(target) : new Calls.Call(target);
    }

    /** The parameter that an argument consists of, which is passed on as it is. */
    private static Scope.@Nullable Binding passed(Term argument, Place place) {
        return argument instanceof Term.Call call && call.arguments().isEmpty()
                ? place.scope().callable(call.name(), 0)
                : null;
    }

    private Compiled routine(Function function, int kinds, int origin) {
        Compiled known = function.routines().get(kinds);
        if (known != null) {
            return known;
        }
        Routine routine = new Routine();
        if (!isShallow()) {
            Compiled later = new Compiled(routine, false);
            function.routines().put(kinds, later);
            waiting.add(() -> complete(routine, function, kinds, origin));
            return later;
        }
        nesting++;
        // That it has one output holds if it holds when it is assumed of its calls of itself.
        function.routines().put(kinds, new Compiled(routine, true));
        Body body = body(function, kinds, origin);
        if (body.node() instanceof Scalar) {
            routine.complete(body.node(), body.slots());
        } else {
            function.routines().put(kinds, new Compiled(routine, false));
            complete(routine, function, kinds, origin);
        }
        nesting--;
        return function.routines().get(kinds);
    }

    private void complete(Routine routine, Function function, int kinds, int origin) {
        Body body = body(function, kinds, origin);
        routine.complete(body.node(), body.slots());
    }

    private Body body(Function function, int kinds, int origin) {
        Definition definition = function.definition();
        Level level = function.level().inner();
        Scope scope = function.scope();
        List<Node> sources = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        boolean last = true;
        for (int i = 0; i < definition.parameters().size(); i++) {
            Term.Parameter parameter = definition.parameters().get(i);
            boolean one = i < MAX_KINDS && (kinds & 1 << i) != 0;
            scope = scope.with(new Parameter(parameter.name(), level, i, one));
            if (parameter.value()) {
                int slot = level.slot();
                sources.add(one ? new Calls.OneGiven(0, i) : new Calls.Given(0, i));
                slots.add(slot);
                last &= one;
                scope = scope.with(new Scope.Variable(parameter.name(), level, slot));
            }
        }
        Node node = compiler.compile(definition.body(), new Place(scope, level, last, origin));
        for (int i = sources.size() - 1; i >= 0; i--) {
            node = Bind.of(sources.get(i), new Take.Name(slots.get(i)), node);
        }
        return new Body(node, level.slots());
    }

    private record Body(Node node, int slots) {}
}
