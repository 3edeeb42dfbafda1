package dev.sluice.executor.expression.syntax;

import java.util.List;
import java.util.Set;

/** Parses the terms that begin with a keyword: {@code if}, {@code try}, {@code reduce}, {@code foreach}. */
final class Constructs {

    private static final Set<String> MODULES = Set.of("module", "import", "include");

    private final Parser parser;
    private final Literals literals;
    private final Lexer lexer;

    Constructs(Parser parser, Literals literals, Lexer lexer) {
        this.parser = parser;
        this.literals = literals;
        this.lexer = lexer;
    }

    /** From the keyword on, which is the parser's token. */
    Term term() {
        Token first = parser.token();
        return switch (first.text()) {
            case "if" -> condition();
            case "try" -> attempt();
            case "reduce" -> reduction();
            case "foreach" -> iteration();
            default -> throw refused(first);
        };
    }

    private CompileException refused(Token keyword) {
        return MODULES.contains(keyword.text())
                ? new CompileException(List.of(Problem.at(
                        lexer.source(),
                        keyword.at(),
                        keyword.text() + " is not available: an expression sees only its input and variables")))
                : parser.unexpected();
    }

    /** From {@code if} or {@code elif} on; what follows an {@code elif} is the other branch. */
    private Term condition() {
        int at = parser.token().at();
        parser.enter();
        parser.skip();
        Term condition = parser.pipe();
        parser.expect("then");
        Term then = parser.pipe();
        Term otherwise = null;
        if (parser.token().is("elif")) {
            otherwise = condition();
        } else {
            otherwise = parser.takes("else") ? parser.pipe() : null;
            parser.expect("end");
        }
        parser.leave();
        return new Term.If(at, condition, then, otherwise);
    }

    private Term attempt() {
        int at = parser.token().at();
        parser.enter();
        parser.skip();
        Term body = parser.postfix();
        Term handler = parser.takes("catch") ? parser.postfix() : null;
        parser.leave();
        return new Term.Try(at, body, handler);
    }

    private Term reduction() {
        int at = parser.take().at();
        Term source = parser.postfix();
        parser.expect("as");
        List<Pattern> patterns = literals.patterns();
        parser.expect("(");
        Term init = parser.pipe();
        parser.expect(";");
        Term update = parser.pipe();
        parser.expect(")");
        return new Term.Reduce(at, source, patterns, init, update);
    }

    private Term iteration() {
        int at = parser.take().at();
        Term source = parser.postfix();
        parser.expect("as");
        List<Pattern> patterns = literals.patterns();
        parser.expect("(");
        Term init = parser.pipe();
        parser.expect(";");
        Term update = parser.pipe();
        Term extract = parser.takes(";") ? parser.pipe() : null;
        parser.expect(")");
        return new Term.Foreach(at, source, patterns, init, update, extract);
    }
}
