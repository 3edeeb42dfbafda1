package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.builtin.NativeTable;
import dev.sluice.executor.expression.program.Compiler.Place;
import dev.sluice.executor.expression.program.Scope.Function;
import dev.sluice.executor.expression.program.Scope.Level;
import dev.sluice.executor.expression.syntax.Operator;
import dev.sluice.executor.expression.syntax.Pattern;
import dev.sluice.executor.expression.syntax.Term;
import dev.sluice.executor.expression.value.Values;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compiles each kind of term. */
final class Terms {

    private final Compiler compiler;

    Terms(Compiler compiler) {
        this.compiler = compiler;
    }

    Node node(Term term, Place place) {
        return switch (term) {
            case Term.Identity ignored -> Leaves.Identity.NODE;
            case Term.Descend ignored -> Leaves.Descend.NODE;
            case Term.Literal literal -> new Leaves.Constant(literal.value());
            case Term.Text text -> text(text, place);
            case Term.Format format -> format(format.name(), Leaves.Identity.NODE, place.at(format));
            case Term.Index index ->
                Index.of(
                        inner(index.target(), place),
                        inner(index.key(), place),
                        new Index.Spot(place.at(index), index.optional()));
            case Term.Slice slice ->
                Index.Part.of(
                        inner(slice.target(), place),
                        bound(slice.from(), place),
                        bound(slice.upto(), place),
                        new Index.Spot(place.at(slice), slice.optional()));
            case Term.Iterate iterate ->
                new Iterate(inner(iterate.target(), place), place.at(iterate), iterate.optional());
            case Term.Array array -> Folding.array(array.items() == null ? null : inner(array.items(), place));
            case Term.Construct object -> object(object, place);
            case Term.Negation negation -> Folding.negation(inner(negation.operand(), place), place.at(negation));
            case Term.Pipe pipe -> pipe(pipe, place);
            case Term.Comma comma -> comma(comma, place);
            case Term.Binary binary -> binary(binary, place);
            case Term.If condition -> condition(condition, place);
            case Term.Try attempt ->
                Attempt.of(
                        inner(attempt.body(), place),
                        attempt.handler() == null ? Leaves.Empty.NODE : inner(attempt.handler(), place));
            case Term.Reduce reduce -> reduce(reduce, place);
            case Term.Foreach foreach -> foreach(foreach, place);
            case Term.Bind bind -> bind(bind, place);
            case Term.Label label -> label(label, place);
            case Term.Break jump -> jump(jump, place);
            case Term.Define define -> define(define, place);
            case Term.Call call -> compiler.call(call, place);
            case Term.Variable variable -> compiler.variable(variable, place);
        };
    }

    private Node inner(Term term, Place place) {
        return compiler.compile(term, place.inner());
    }

    private Node bound(@Nullable Term term, Place place) {
        return term == null ? Leaves.nothing() : inner(term, place);
    }

    private Node text(Term.Text text, Place place) {
        List<Node> parts = new ArrayList<>(text.parts().size());
        for (int i = 0; i < text.parts().size(); i++) {
            Term part = text.parts().get(i);
            Node node = inner(part, place);
            // Strings written out stand for themselves; all else is a program, also where it gives a string.
            boolean written = part instanceof Term.Literal literal && literal.at() == text.at();
            parts.add(written ? node : format(text.format() == null ? "text" : text.format(), node, place.at(text)));
        }
        return Making.text(parts);
    }

    private Node format(String name, Node value, int at) {
        var format = NativeTable.format(name);
        if (format == null) {
            return compiler.problem(at, '@' + name + " is not a format");
        }
        return name.equals("text")
                ? Making.shown(value, format, at)
                : Flow.pipe(List.of(value, Natives.of(format, List.of(), at)));
    }

    private Node object(Term.Construct object, Place place) {
        List<Node> keys = new ArrayList<>();
        List<Node> values = new ArrayList<>();
        for (Term.Entry entry : object.entries()) {
            keys.add(key(entry.key(), place));
            values.add(inner(entry.value(), place));
        }
        return Folding.object(keys, values, place.at(object));
    }

    /** A key of an object; one that is known already has to be a string. */
    private Node key(Term term, Place place) {
        Node key = inner(term, place);
        return key instanceof Leaves.Constant constant && !constant.value().isString()
                ? compiler.problem(
                        place.at(term), "Cannot use " + Values.described(constant.value()) + " as object key")
                : key;
    }

    private Node pipe(Term.Pipe pipe, Place place) {
        List<Node> parts = new ArrayList<>(pipe.parts().size());
        boolean last = place.last();
        for (int i = 0; i < pipe.parts().size(); i++) {
            boolean end = i == pipe.parts().size() - 1;
            Node part = compiler.compile(pipe.parts().get(i), place.last(end && last));
            last &= part instanceof Scalar;
            parts.add(part);
        }
        return Flow.pipe(parts);
    }

    private Node comma(Term.Comma comma, Place place) {
        List<Node> parts = new ArrayList<>(comma.parts().size());
        for (int i = 0; i < comma.parts().size(); i++) {
            boolean end = i == comma.parts().size() - 1;
            parts.add(compiler.compile(comma.parts().get(i), place.last(end && place.last())));
        }
        return new Leaves.Comma(parts);
    }

    private Node binary(Term.Binary binary, Place place) {
        Operator operator = binary.operator();
        int at = place.at(binary);
        return switch (operator) {
            case ALTERNATIVE -> Flow.alternative(inner(binary.left(), place), compiler.compile(binary.right(), place));
            case UPDATE -> new Assignment.Update(inner(binary.left(), place), inner(binary.right(), place), at);
            case ASSIGN,
                    UPDATE_ADD,
                    UPDATE_SUBTRACT,
                    UPDATE_MULTIPLY,
                    UPDATE_DIVIDE,
                    UPDATE_MODULO,
                    UPDATE_ALTERNATIVE ->
                Assignment.Set.of(operator, inner(binary.left(), place), inner(binary.right(), place), at);
            case AND, OR, EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> chain(binary, place);
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO -> chain(binary, place);
        };
    }

    /** Operators from the left on, in a loop: chains of them are long. */
    private Node chain(Term.Binary last, Place place) {
        Deque<Term.Binary> links = new ArrayDeque<>();
        Term first = last;
        while (first instanceof Term.Binary link && link.operator().isChained()) {
            links.push(link);
            first = link.left();
        }
        Node left = inner(first, place);
        for (Term.Binary link : links) {
            Node right = inner(link.right(), place);
            left = switch (link.operator()) {
                case AND -> Operation.logic(true, left, right);
                case OR -> Operation.logic(false, left, right);
                default -> Folding.operation(link.operator(), left, right, place.at(link));
            };
        }
        return left;
    }

    private Node condition(Term.If condition, Place place) {
        Node test = inner(condition.condition(), place);
        Place branch = place.last(place.last() && test instanceof Scalar);
        Node then = compiler.compile(condition.then(), branch);
        Node otherwise =
                condition.otherwise() == null ? Leaves.Identity.NODE : compiler.compile(condition.otherwise(), branch);
        return Flow.condition(test, then, otherwise);
    }

    private Node reduce(Term.Reduce reduce, Place place) {
        Node source = inner(reduce.source(), place);
        Node init = inner(reduce.init(), place);
        return bound(
                reduce.patterns(),
                place,
                (pattern, inside) -> Fold.reduce(source, pattern, init, inner(reduce.update(), inside)));
    }

    private Node foreach(Term.Foreach foreach, Place place) {
        Node source = inner(foreach.source(), place);
        Node init = inner(foreach.init(), place);
        return bound(foreach.patterns(), place, (pattern, inside) -> {
            Node update = inner(foreach.update(), inside);
            Node extract = foreach.extract() == null ? Leaves.Identity.NODE : inner(foreach.extract(), inside);
            return new Fold.Foreach(source, pattern, init, update, extract);
        });
    }

    private Node bind(Term.Bind bind, Place place) {
        Node source = inner(bind.source(), place);
        boolean last = place.last() && source instanceof Scalar;
        return bound(bind.patterns(), place, (pattern, inside) -> {
            Node body = compiler.compile(bind.body(), inside.last(last && pattern instanceof Take.Name));
            return pattern instanceof Take.Either
                    ? new Bind.Alternatives(source, pattern, body)
                    : Bind.of(source, pattern, body);
        });
    }

    /**
     * All variables of all patterns are seen by what follows, though not by the keys of the patterns; those that a pattern
     * lacks are null there.
     */
    private Node bound(List<Pattern> patterns, Place place, Bound body) {
        Map<String, Integer> slots = new LinkedHashMap<>();
        Place inside = place;
        List<Take> takes = new ArrayList<>();
        for (Pattern pattern : patterns) {
            names(pattern, place.level(), slots);
        }
        for (var slot : slots.entrySet()) {
            inside = inside.with(new Scope.Variable(slot.getKey(), place.level(), slot.getValue()));
        }
        for (Pattern pattern : patterns) {
            takes.add(take(pattern, place.inner(), slots));
        }
        Take pattern = takes.size() == 1
                ? takes.getFirst()
                : new Take.Either(
                        takes,
                        slots.values().stream().mapToInt(Integer::intValue).toArray());
        return body.node(pattern, inside);
    }

    @FunctionalInterface
    private interface Bound {
        Node node(Take pattern, Place inside);
    }

    private static void names(Pattern pattern, Level level, Map<String, Integer> slots) {
        switch (pattern) {
            case Pattern.Name name -> slots.computeIfAbsent(name.name(), key -> level.slot());
            case Pattern.Elements elements -> elements.elements().forEach(element -> names(element, level, slots));
            case Pattern.Entries entries -> {
                for (Pattern.Entry entry : entries.entries()) {
                    if (entry.name() != null) {
                        slots.computeIfAbsent(entry.name(), key -> level.slot());
                    }
                    if (entry.value() != null) {
                        names(entry.value(), level, slots);
                    }
                }
            }
        }
    }

    private Take take(Pattern pattern, Place place, Map<String, Integer> slots) {
        return switch (pattern) {
            case Pattern.Name name -> new Take.Name(slot(name.name(), slots));
            case Pattern.Elements elements ->
                new Take.Elements(
                        elements.elements().stream()
                                .map(element -> take(element, place, slots))
                                .toList(),
                        place.origin() < 0 ? elements.at() : place.origin());
            case Pattern.Entries entries ->
                new Take.Entries(
                        entries.entries().stream()
                                .map(entry -> entry(entry, place, slots))
                                .toList(),
                        place.origin() < 0 ? entries.at() : place.origin());
        };
    }

    private Take.Entry entry(Pattern.Entry entry, Place place, Map<String, Integer> slots) {
        return new Take.Entry(
                key(entry.key(), place),
                new Take.Slot(entry.name() == null ? -1 : slot(entry.name(), slots)),
                entry.value() == null ? null : take(entry.value(), place, slots));
    }

    private static int slot(String name, Map<String, Integer> slots) {
        return Objects.requireNonNull(slots.get(name));
    }

    private Node label(Term.Label label, Place place) {
        int slot = place.level().slot();
        Scope scope = place.scope().with(new Scope.Label(label.name(), place.level(), slot));
        return new Labelled(slot, inner(label.body(), place.in(scope)));
    }

    private Node jump(Term.Break jump, Place place) {
        Scope.Label label = place.scope().label(jump.name());
        return label == null
                ? compiler.problem(place.at(jump), "$*label-" + jump.name() + " is not defined")
                : new Labelled.Break(place.level().hopsTo(label.level()), label.slot());
    }

    private Node define(Term.Define define, Place place) {
        boolean recursive = compiler.functions().isRecursive(define.definition());
        Scope scope = place.scope().with(define.definition(), place.level(), recursive);
        Function function = (Function) Objects.requireNonNull(scope.callable(
                define.definition().name(), define.definition().parameters().size()));
        compiler.functions().check(function, place);
        return compiler.compile(define.body(), place.in(scope));
    }
}
