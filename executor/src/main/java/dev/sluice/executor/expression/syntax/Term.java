package dev.sluice.executor.expression.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A part of a program, with the offset in its text where it begins. Chains of pipes and commas are lists, so that long ones are not deep. */
public sealed interface Term {

    /** Where it begins, in characters from 0. */
    int at();

    /** {@code .} */
    record Identity(int at) implements Term {}

    /** {@code ..} */
    record Descend(int at) implements Term {}

    /** A constant. */
    record Literal(int at, JsonNode value) implements Term {}

    /** {@code "…\(…)…"}, with the format for what is between its strings; parts are {@link Literal}s and others. */
    record Text(int at, @Nullable String format, List<Term> parts) implements Term {}

    /** {@code @base64} and the like, by itself. */
    record Format(int at, String name) implements Term {}

    /** {@code target[key]}, or {@code target.key}; optional when {@code ?} follows, which is about this access and no other. */
    record Index(int at, Term target, Term key, boolean optional) implements Term {}

    /** {@code target[from:upto]}. */
    record Slice(
            int at,
            Term target,
            @Nullable Term from,
            @Nullable Term upto,
            boolean optional) implements Term {}

    /** {@code target[]}. */
    record Iterate(int at, Term target, boolean optional) implements Term {}

    /** {@code [items]}. */
    record Array(int at, @Nullable Term items) implements Term {}

    /** {@code {key: value, …}}. */
    record Construct(int at, List<Entry> entries) implements Term {}

    /** One entry of an object's construction. */
    record Entry(Term key, Term value) {}

    /** {@code -operand}. */
    record Negation(int at, Term operand) implements Term {}

    /** {@code a | b | …}. */
    record Pipe(int at, List<Term> parts) implements Term {}

    /** {@code a, b, …}. */
    record Comma(int at, List<Term> parts) implements Term {}

    /** {@code left operator right}: arithmetic, comparison, {@code and}, {@code or}, {@code //}, assignment. */
    record Binary(int at, Operator operator, Term left, Term right) implements Term {}

    /** {@code if … then … else … end}. */
    record If(int at, Term condition, Term then, @Nullable Term otherwise) implements Term {}

    /** {@code try body catch handler}, or {@code body?}. */
    record Try(int at, Term body, @Nullable Term handler) implements Term {}

    /** {@code reduce source as pattern (init; update)}. */
    record Reduce(int at, Term source, List<Pattern> patterns, Term init, Term update) implements Term {}

    /** {@code foreach source as pattern (init; update; extract)}. */
    record Foreach(
            int at,
            Term source,
            List<Pattern> patterns,
            Term init,
            Term update,
            @Nullable Term extract) implements Term {}

    /** {@code source as pattern ?// … | body}. */
    record Bind(int at, Term source, List<Pattern> patterns, Term body) implements Term {}

    /** {@code label $name | body}. */
    record Label(int at, String name, Term body) implements Term {}

    /** {@code break $name}. */
    record Break(int at, String name) implements Term {}

    /** {@code def …; body}. */
    record Define(int at, Definition definition, Term body) implements Term {}

    /** {@code name(arguments; …)}. */
    record Call(int at, String name, List<Term> arguments) implements Term {}

    /** {@code $name}. */
    record Variable(int at, String name) implements Term {}

    /** {@code def name(parameters): body;}. */
    record Definition(int at, String name, List<Parameter> parameters, Term body) {

        /** As messages name it: {@code name/arity}. */
        public String signature() {
            return name + '/' + parameters.size();
        }
    }

    /** A parameter: a closure, or a value where it was written with {@code $}. */
    record Parameter(String name, boolean value) {}
}
