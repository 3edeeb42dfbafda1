package dev.sluice.executor.expression;

import dev.sluice.executor.expression.syntax.CompileException;
import dev.sluice.executor.expression.syntax.Parser;
import dev.sluice.executor.expression.syntax.Term;
import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Programs that give the same whatever they are evaluated over, as far as that is seen at a glance. */
final class Constants {

    /** Values that are functions in the language. Definitions of others by these names are not looked into. */
    private static final Set<String> WORDS = Set.of("null", "true", "false");

    private Constants() {}

    /** What a program gives; empty for one that reads something, or does what is not looked into. */
    static Optional<JsonNode> of(String program) {
        try {
            return readsOnly(program, Set.of())
                    ? Optional.of(Expressions.compile(program, Set.of()).evaluate(Json.object(), Arguments.NONE))
                    : Optional.empty();
        } catch (ExpressionException e) {
            return Optional.empty();
        }
    }

    /** Whether a program reads nothing but the values of these names. */
    static boolean readsOnly(String program, Set<String> variables) {
        try {
            return readsOnly(Parser.parse(program), variables);
        } catch (CompileException e) {
            return false;
        }
    }

    private static boolean readsOnly(Term term, Set<String> variables) {
        return switch (term) {
            case Term.Literal literal -> true;
            case Term.Variable variable -> variables.contains(variable.name());
            case Term.Index index -> readsOnly(index.target(), variables) && readsOnly(index.key(), variables);
            case Term.Text text -> allReadOnly(text.parts(), variables);
            case Term.Binary binary -> readsOnly(binary.left(), variables) && readsOnly(binary.right(), variables);
            case Term.Array array -> array.items() != null && readsOnly(array.items(), variables);
            case Term.Pipe pipe -> allReadOnly(pipe.parts(), variables);
            case Term.Call call -> call.arguments().isEmpty() && WORDS.contains(call.name());
            default -> false;
        };
    }

    private static boolean allReadOnly(List<Term> terms, Set<String> variables) {
        return terms.stream().allMatch(term -> readsOnly(term, variables));
    }
}
