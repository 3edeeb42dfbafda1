package dev.sluice.executor.expression.syntax;

import dev.sluice.executor.expression.syntax.Term.Definition;
import dev.sluice.executor.expression.syntax.Term.Parameter;
import dev.sluice.executor.expression.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Parses programs by recursive descent, and their operators by strength. Nesting and chains are bounded, so that no program
 * overflows the stack of whoever parses or compiles it.
 */
public final class Parser {

    /** Deepest nesting of a program. */
    public static final int MAX_NESTING = 256;

    /** Longest chain of operators of one strength, or of suffixes. */
    public static final int MAX_CHAIN = 1_000;

    /** Longest program, in characters. */
    public static final int MAX_LENGTH = 1 << 18;

    private static final Set<String> MODULES = Set.of("module", "import", "include");
    private static final Map<String, Operator> OPERATORS =
            Stream.of(Operator.values()).collect(Collectors.toMap(Operator::symbol, Function.identity()));
    private static final int WEAKEST = 1;

    private final Lexer lexer;
    private final Literals literals;
    private Token token;
    private int nesting;

    private Parser(String source) {
        this.lexer = new Lexer(source);
        this.literals = new Literals(this, lexer);
        this.token = lexer.next();
    }

    /**
     * Parses a program.
     *
     * @throws CompileException with the first place where it is not jq
     */
    public static Term parse(String source) {
        if (source.length() > MAX_LENGTH) {
            throw refused(source, 0, "the program is longer than " + MAX_LENGTH + " characters");
        }
        Parser parser = new Parser(source);
        if (parser.token.kind() == Kind.END) {
            return new Term.Identity(0);
        }
        Term program = parser.pipe();
        if (parser.token.kind() != Kind.END) {
            throw parser.unexpected();
        }
        return program;
    }

    /** Parses definitions and nothing else. */
    public static List<Definition> definitions(String source) {
        Parser parser = new Parser(source);
        List<Definition> definitions = new ArrayList<>();
        while (parser.token.kind() != Kind.END) {
            definitions.add(parser.definition());
        }
        return definitions;
    }

    static CompileException refused(String source, int at, String message) {
        return new CompileException(List.of(Problem.at(source, at, "syntax error: " + message)));
    }

    CompileException unexpected() {
        return refused(lexer.source(), token.at(), "unexpected " + token.described());
    }

    Token token() {
        return token;
    }

    Token take() {
        Token taken = token;
        skip();
        return taken;
    }

    void skip() {
        token = lexer.next();
    }

    boolean takes(String sign) {
        if (!token.is(sign)) {
            return false;
        }
        skip();
        return true;
    }

    void expect(String sign) {
        if (!takes(sign)) {
            throw refused(lexer.source(), token.at(), "unexpected " + token.described() + ", expected '" + sign + '\'');
        }
    }

    Term pipe() {
        int at = token.at();
        enter();
        List<Term> parts = new ArrayList<>(2);
        do {
            parts.add(comma());
        } while (takes("|"));
        nesting--;
        return parts.size() == 1 ? parts.getFirst() : new Term.Pipe(at, parts);
    }

    void enter() {
        if (++nesting > MAX_NESTING) {
            throw refused(lexer.source(), token.at(), "the program is nested deeper than " + MAX_NESTING + " levels");
        }
    }

    void leave() {
        nesting--;
    }

    private Term comma() {
        int at = token.at();
        List<Term> parts = new ArrayList<>(2);
        do {
            parts.add(binary(WEAKEST));
        } while (takes(","));
        return parts.size() == 1 ? parts.getFirst() : new Term.Comma(at, parts);
    }

    /** Operators of at least a strength; a pipe within an object's value is not one of them. */
    Term binary(int strength) {
        Term left = unary();
        for (int chain = 0; ; chain++) {
            Operator operator = operator();
            if (operator == null || operator.strength() < strength) {
                return left;
            }
            if (chain == MAX_CHAIN) {
                throw refused(lexer.source(), token.at(), "more than " + MAX_CHAIN + " operators in a row");
            }
            int at = take().at();
            boolean fromRight = operator == Operator.ALTERNATIVE;
            int depth = nesting;
            if (fromRight) {
                enter();
            }
            Term right = binary(fromRight ? operator.strength() : operator.strength() + 1);
            nesting = depth;
            left = new Term.Binary(at, operator, left, right);
            Operator next = operator();
            if (operator.isAlone() && next != null && next.strength() == operator.strength()) {
                throw unexpected();
            }
        }
    }

    private @Nullable Operator operator() {
        return token.kind() == Kind.SIGN || token.kind() == Kind.KEYWORD ? OPERATORS.get(token.text()) : null;
    }

    private Term unary() {
        int at = token.at();
        enter();
        Term term = switch (token.kind() == Kind.SIGN || token.kind() == Kind.KEYWORD ? token.text() : "") {
            case "-" -> {
                skip();
                yield new Term.Negation(at, binary(Operator.MULTIPLY.strength()));
            }
            case "def" -> new Term.Define(at, definition(), pipe());
            case "label" -> label();
            default -> bound(postfix());
        };
        nesting--;
        return term;
    }

    private Term label() {
        int at = take().at();
        String name = variable();
        expect("|");
        return new Term.Label(at, name, pipe());
    }

    private Term bound(Term source) {
        if (!takes("as")) {
            return source;
        }
        List<Pattern> patterns = literals.patterns();
        expect("|");
        return new Term.Bind(source.at(), source, patterns, pipe());
    }

    private Definition definition() {
        int at = token.at();
        expect("def");
        if (token.kind() != Kind.NAME && token.kind() != Kind.KEYWORD) {
            throw unexpected();
        }
        String name = take().text();
        List<Parameter> parameters = new ArrayList<>();
        if (takes("(")) {
            do {
                parameters.add(parameter());
            } while (takes(";"));
            expect(")");
        }
        expect(":");
        Term body = pipe();
        expect(";");
        return new Definition(at, name, List.copyOf(parameters), body);
    }

    private Parameter parameter() {
        if (token.kind() != Kind.VARIABLE && token.kind() != Kind.NAME && token.kind() != Kind.KEYWORD) {
            throw unexpected();
        }
        Token name = take();
        return new Parameter(name.text(), name.kind() == Kind.VARIABLE);
    }

    private String variable() {
        if (token.kind() != Kind.VARIABLE) {
            throw unexpected();
        }
        return take().text();
    }

    /** A term and what follows it: {@code .a}, {@code [0]}, {@code []}, {@code ?}. */
    Term postfix() {
        Term term = primary();
        for (int chain = 0; chain < MAX_CHAIN; chain++) {
            if (!startsSuffix()) {
                return term;
            }
            term = suffixed(term);
        }
        throw refused(lexer.source(), token.at(), "more than " + MAX_CHAIN + " suffixes in a row");
    }

    private boolean startsSuffix() {
        return token.kind() == Kind.FIELD || token.is("?") || token.is("?//") || token.is("[") || token.is(".");
    }

    private Term suffixed(Term term) {
        int at = token.at();
        if (token.kind() == Kind.FIELD) {
            return new Term.Index(at, term, literals.string(take()));
        }
        if (takes("?")) {
            return new Term.Try(at, term, null);
        }
        if (token.is("?//")) {
            token = new Token(Kind.SIGN, Operator.ALTERNATIVE.symbol(), at + 1);
            return new Term.Try(at, term, null);
        }
        if (token.is("[")) {
            return bracketed(term);
        }
        expect(".");
        if (token.kind() == Kind.QUOTE) {
            return new Term.Index(at, term, literals.text(null));
        }
        return bracketed(term);
    }

    private Term bracketed(Term target) {
        int at = token.at();
        expect("[");
        if (takes("]")) {
            return new Term.Iterate(at, target);
        }
        if (takes(":")) {
            return slice(at, target, null);
        }
        Term key = pipe();
        if (takes(":")) {
            if (takes("]")) {
                return new Term.Slice(at, target, key, null);
            }
            return slice(at, target, key);
        }
        expect("]");
        return new Term.Index(at, target, key);
    }

    private Term slice(int at, Term target, @Nullable Term from) {
        Term upto = pipe();
        expect("]");
        return new Term.Slice(at, target, from, upto);
    }

    private Term primary() {
        Token first = token;
        return switch (first.kind()) {
            case NUMBER -> literals.number(take());
            case QUOTE -> literals.text(null);
            case FORMAT -> format(take());
            case FIELD -> new Term.Index(first.at(), new Term.Identity(first.at()), literals.string(take()));
            case VARIABLE -> new Term.Variable(first.at(), take().text());
            case NAME -> call(take());
            case SIGN -> sign(first);
            case KEYWORD -> keyword(first);
            case END -> throw unexpected();
        };
    }

    private Term format(Token format) {
        return token.kind() == Kind.QUOTE ? literals.text(format.text()) : new Term.Format(format.at(), format.text());
    }

    private Term call(Token name) {
        if (name.text().equals("break") && token.kind() == Kind.VARIABLE) {
            return new Term.Break(name.at(), take().text());
        }
        List<Term> arguments = new ArrayList<>();
        if (takes("(")) {
            do {
                arguments.add(pipe());
            } while (takes(";"));
            expect(")");
        }
        return new Term.Call(name.at(), name.text(), List.copyOf(arguments));
    }

    private Term sign(Token first) {
        return switch (first.text()) {
            case "." -> dot(take());
            case ".." -> new Term.Descend(take().at());
            case "(" -> {
                skip();
                Term inner = pipe();
                expect(")");
                yield inner;
            }
            case "[" -> array(take());
            case "{" -> literals.object();
            default -> throw unexpected();
        };
    }

    private Term dot(Token dot) {
        Term identity = new Term.Identity(dot.at());
        return token.kind() == Kind.QUOTE ? new Term.Index(dot.at(), identity, literals.text(null)) : identity;
    }

    private Term array(Token bracket) {
        if (takes("]")) {
            return new Term.Array(bracket.at(), null);
        }
        Term items = pipe();
        expect("]");
        return new Term.Array(bracket.at(), items);
    }

    private Term keyword(Token first) {
        return switch (first.text()) {
            case "if" -> condition();
            case "try" -> attempt();
            case "reduce" -> reduction();
            case "foreach" -> iteration();
            default -> {
                if (MODULES.contains(first.text())) {
                    throw new CompileException(List.of(Problem.at(
                            lexer.source(),
                            first.at(),
                            first.text().toLowerCase(Locale.ROOT)
                                    + " is not available: an expression sees only its input and variables")));
                }
                throw unexpected();
            }
        };
    }

    /** From {@code if} or {@code elif} on; what follows an {@code elif} is the other branch. */
    private Term condition() {
        int at = token.at();
        enter();
        skip();
        Term condition = pipe();
        expect("then");
        Term then = pipe();
        Term otherwise = null;
        if (token.is("elif")) {
            otherwise = condition();
        } else {
            otherwise = takes("else") ? pipe() : null;
            expect("end");
        }
        nesting--;
        return new Term.If(at, condition, then, otherwise);
    }

    private Term attempt() {
        int at = token.at();
        enter();
        skip();
        Term body = postfix();
        Term handler = takes("catch") ? postfix() : null;
        nesting--;
        return new Term.Try(at, body, handler);
    }

    private Term reduction() {
        int at = take().at();
        Term source = postfix();
        expect("as");
        List<Pattern> patterns = literals.patterns();
        expect("(");
        Term init = pipe();
        expect(";");
        Term update = pipe();
        expect(")");
        return new Term.Reduce(at, source, patterns, init, update);
    }

    private Term iteration() {
        int at = take().at();
        Term source = postfix();
        expect("as");
        List<Pattern> patterns = literals.patterns();
        expect("(");
        Term init = pipe();
        expect(";");
        Term update = pipe();
        Term extract = takes(";") ? pipe() : null;
        expect(")");
        return new Term.Foreach(at, source, patterns, init, update, extract);
    }
}
