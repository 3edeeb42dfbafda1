package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.syntax.Pattern;
import dev.sluice.executor.expression.syntax.Term;
import dev.sluice.executor.expression.syntax.Term.Definition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds functions that call themselves, by name; one that merely calls another of its own name counts as well, to no harm. */
final class Recursion {

    private Recursion() {}

    /** In a loop, as terms are nested deeper than a thread may call. */
    static boolean isRecursive(Definition definition) {
        String name = definition.name();
        int arity = definition.parameters().size();
        Deque<Term> open = new ArrayDeque<>();
        open.push(definition.body());
        while (!open.isEmpty()) {
            Term term = open.pop();
            if (term instanceof Term.Call call
                    && call.name().equals(name)
                    && call.arguments().size() == arity) {
                return true;
            }
            parts(term).forEach(open::push);
        }
        return false;
    }

    private static Stream<Term> parts(Term term) {
        return switch (term) {
            case Term.Identity ignored -> Stream.empty();
            case Term.Descend ignored -> Stream.empty();
            case Term.Literal ignored -> Stream.empty();
            case Term.Format ignored -> Stream.empty();
            case Term.Break ignored -> Stream.empty();
            case Term.Variable ignored -> Stream.empty();
            case Term.Text text -> text.parts().stream();
            case Term.Index index -> Stream.of(index.target(), index.key());
            case Term.Slice slice -> some(slice.target(), slice.from(), slice.upto());
            case Term.Iterate iterate -> Stream.of(iterate.target());
            case Term.Array array -> some(array.items());
            case Term.Construct object ->
                object.entries().stream().flatMap(entry -> Stream.of(entry.key(), entry.value()));
            case Term.Negation negation -> Stream.of(negation.operand());
            case Term.Pipe pipe -> pipe.parts().stream();
            case Term.Comma comma -> comma.parts().stream();
            case Term.Binary binary -> Stream.of(binary.left(), binary.right());
            case Term.If condition -> some(condition.condition(), condition.then(), condition.otherwise());
            case Term.Try attempt -> some(attempt.body(), attempt.handler());
            case Term.Reduce reduce ->
                Stream.concat(Stream.of(reduce.source(), reduce.init(), reduce.update()), keys(reduce.patterns()));
            case Term.Foreach foreach ->
                Stream.concat(
                        some(foreach.source(), foreach.init(), foreach.update(), foreach.extract()),
                        keys(foreach.patterns()));
            case Term.Bind bind -> Stream.concat(Stream.of(bind.source(), bind.body()), keys(bind.patterns()));
            case Term.Label label -> Stream.of(label.body());
            case Term.Define define -> Stream.of(define.definition().body(), define.body());
            case Term.Call call -> call.arguments().stream();
        };
    }

    private static Stream<Term> some(@Nullable Term... terms) {
        return Stream.of(terms).flatMap(Stream::ofNullable);
    }

    private static Stream<Term> keys(List<Pattern> patterns) {
        return patterns.stream().flatMap(Recursion::keys);
    }

    private static Stream<Term> keys(@Nullable Pattern pattern) {
        return switch (pattern) {
            case null -> Stream.empty();
            case Pattern.Name ignored -> Stream.empty();
            case Pattern.Elements elements -> keys(elements.elements());
            case Pattern.Entries entries ->
                entries.entries().stream().flatMap(entry -> Stream.concat(Stream.of(entry.key()), keys(entry.value())));
        };
    }
}
