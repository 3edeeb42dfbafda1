package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.program.Compiler.Place;
import dev.sluice.executor.expression.syntax.Term;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The builtins that are nodes of their own, since they are about the outputs of their arguments or where those come from. */
final class Specials {

    private Specials() {}

    /** The node of a call, or null where there is no such builtin. */
    static @Nullable Node node(String signature, Term.Call call, Place place, Compiler compiler) {
        int at = place.at(call);
        return switch (signature) {
            case "null/0" -> Leaves.nothing();
            case "true/0" -> new Leaves.Constant(Values.of(true));
            case "false/0" -> new Leaves.Constant(Values.of(false));
            case "empty/0" -> Leaves.Empty.NODE;
            case "now/0" -> new Leaves.Given(Program.CLOCK, "now is not available here");
            case "builtins/0" -> new Leaves.Constant(Names.VALUE);
            case "error/0" -> Leaves.Failure.NODE;
            case "recurse/0" -> Leaves.Descend.NODE;
            case "any/0", "all/0" -> new Streams.Some(signature.startsWith("any"), elements(at), Leaves.Identity.NODE);
            default -> withArguments(signature, compiler.arguments(call, place), at);
        };
    }

    private static Node elements(int at) {
        return new Iterate(Leaves.Identity.NODE, at);
    }

    private static @Nullable Node withArguments(String signature, List<Node> arguments, int at) {
        return switch (signature) {
            case "error/1" -> Flow.pipe(List.of(arguments.getFirst(), Leaves.Failure.NODE));
            case "path/1" -> new Streams.Places(arguments.getFirst());
            case "getpath/1" -> new Streams.At(arguments.getFirst(), at);
            case "first/1" -> new Streams.First(arguments.getFirst());
            case "isempty/1" -> new Streams.IsEmpty(arguments.getFirst());
            case "limit/2" -> new Streams.Window(arguments.get(0), arguments.get(1), "limit");
            case "skip/2" -> new Streams.Window(arguments.get(0), arguments.get(1), "skip");
            case "range/1" -> new Streams.Range(new Leaves.Constant(Numbers.of(0L)), arguments.getFirst());
            case "range/2" -> new Streams.Range(arguments.get(0), arguments.get(1));
            case "range/3" -> new Streams.Range(arguments.get(0), arguments.get(1), arguments.get(2));
            case "any/1", "all/1" -> new Streams.Some(signature.startsWith("any"), elements(at), arguments.getFirst());
            case "any/2", "all/2" -> new Streams.Some(signature.startsWith("any"), arguments.get(0), arguments.get(1));
            case "sort_by/1" -> new Keyed(Keyed.Kind.SORT, arguments.getFirst(), at);
            case "group_by/1" -> new Keyed(Keyed.Kind.GROUP, arguments.getFirst(), at);
            case "unique_by/1" -> new Keyed(Keyed.Kind.UNIQUE, arguments.getFirst(), at);
            case "min_by/1" -> new Keyed(Keyed.Kind.MIN, arguments.getFirst(), at);
            case "max_by/1" -> new Keyed(Keyed.Kind.MAX, arguments.getFirst(), at);
            default -> null;
        };
    }
}
