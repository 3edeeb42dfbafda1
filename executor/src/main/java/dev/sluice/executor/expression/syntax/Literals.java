package dev.sluice.executor.expression.syntax;

import dev.sluice.executor.expression.syntax.Term.Entry;
import dev.sluice.executor.expression.syntax.Token.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Parses what is written out: numbers, strings, objects, and the patterns that take values apart. */
final class Literals {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_DIGITS = 1_000;
    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;
    private static final char REPLACEMENT = '\uFFFD';

    private final Parser parser;
    private final Lexer lexer;

    Literals(Parser parser, Lexer lexer) {
        this.parser = parser;
        this.lexer = lexer;
    }

    Term number(Token token) {
        return new Term.Literal(token.at(), number(token.text(), token.at()));
    }

    private JsonNode number(String text, int at) {
        if (text.length() > MAX_DIGITS) {
            throw Parser.refused(lexer.source(), at, "the number is longer than " + MAX_DIGITS + " digits");
        }
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            BigInteger whole = new BigInteger(text);
            if (whole.bitLength() < Integer.SIZE) {
                return NODES.numberNode(whole.intValue());
            }
            return whole.bitLength() < Long.SIZE ? NODES.numberNode(whole.longValue()) : NODES.numberNode(whole);
        }
        try {
            return NODES.numberNode(new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw Parser.refused(lexer.source(), at, "the number " + text + " cannot be read");
        }
    }

    /** A name as a constant string. */
    Term string(Token name) {
        return new Term.Literal(name.at(), NODES.stringNode(name.text()));
    }

    /** From the quote on, which is the parser's token: a constant, or a text with programs in it. */
    Term text(@Nullable String format) {
        int start = parser.token().at();
        List<Term> parts = new ArrayList<>();
        StringBuilder constant = new StringBuilder();
        while (true) {
            char c = character(start);
            if (c == '"') {
                break;
            }
            if (c != '\\') {
                constant.append(c);
            } else if (escape(constant, start)) {
                flush(constant, start, parts);
                parser.skip();
                parts.add(parser.pipe());
                if (!parser.token().is(")")) {
                    throw parser.unexpected();
                }
            }
        }
        flush(constant, start, parts);
        parser.skip();
        return parts.size() == 1 && parts.getFirst() instanceof Term.Literal literal && format == null
                ? literal
                : new Term.Text(start, format, List.copyOf(parts));
    }

    private void flush(StringBuilder constant, int at, List<Term> parts) {
        if (!constant.isEmpty() || parts.isEmpty()) {
            parts.add(new Term.Literal(at, NODES.stringNode(constant.toString())));
            constant.setLength(0);
        }
    }

    private char character(int start) {
        if (!lexer.hasCharacter()) {
            throw Parser.refused(lexer.source(), start, "the string has no end");
        }
        return lexer.character();
    }

    /** What follows a backslash; true when it is a program. */
    private boolean escape(StringBuilder constant, int start) {
        char c = character(start);
        if (c == '(') {
            return true;
        }
        if (c == 'u') {
            point(constant, start);
            return false;
        }
        constant.append(
                switch (c) {
                    case '"', '\\', '/' -> c;
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> throw Parser.refused(lexer.source(), lexer.at() - 2, "invalid escape '\\" + c + '\'');
                });
        return false;
    }

    /** Of two units, where the first is half of a pair; the second half alone stands for no character. */
    private void point(StringBuilder constant, int start) {
        char unit = unit(start);
        if (Character.isHighSurrogate(unit)) {
            int at = lexer.at() - 2 - HEX_DIGITS;
            boolean escaped = character(start) == '\\' && character(start) == 'u';
            char low = escaped ? unit(start) : unit;
            if (!Character.isLowSurrogate(low)) {
                throw Parser.refused(lexer.source(), at, "invalid escape: half of a surrogate pair");
            }
            constant.append(unit).append(low);
        } else {
            constant.append(Character.isLowSurrogate(unit) ? REPLACEMENT : unit);
        }
    }

    private char unit(int start) {
        int unit = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = Character.digit(character(start), HEX);
            if (digit < 0) {
                throw Parser.refused(
                        lexer.source(), lexer.at() - 1, "invalid escape: four hexadecimal digits follow \\u");
            }
            unit = unit * HEX + digit;
        }
        return (char) unit;
    }

    Term object() {
        int at = parser.token().at();
        parser.expect("{");
        List<Entry> entries = new ArrayList<>();
        while (!parser.takes("}")) {
            if (!entries.isEmpty()) {
                parser.expect(",");
                if (parser.takes("}")) {
                    break;
                }
            }
            entries.add(entry());
        }
        return new Term.Construct(at, List.copyOf(entries));
    }

    private Entry entry() {
        Token first = parser.token();
        return switch (first.kind()) {
            case VARIABLE -> variableEntry(parser.take());
            case NAME, KEYWORD -> entry(string(parser.take()));
            case NUMBER -> required(number(parser.take()));
            case QUOTE -> entry(text(null));
            case FORMAT -> formatEntry(parser.take());
            case SIGN -> computedEntry();
            case FIELD, END -> throw parser.unexpected();
        };
    }

    private Entry variableEntry(Token first) {
        Term variable = new Term.Variable(first.at(), first.text());
        return parser.takes(":") ? new Entry(variable, value()) : new Entry(string(first), variable);
    }

    private Entry formatEntry(Token format) {
        if (parser.token().kind() != Kind.QUOTE) {
            throw parser.unexpected();
        }
        return entry(text(format.text()));
    }

    private Entry computedEntry() {
        parser.expect("(");
        Term key = parser.pipe();
        parser.expect(")");
        return required(key);
    }

    private Entry required(Term key) {
        parser.expect(":");
        return new Entry(key, value());
    }

    /** A key alone stands for the field of that name. */
    private Entry entry(Term key) {
        return parser.takes(":")
                ? new Entry(key, value())
                : new Entry(key, new Term.Index(key.at(), new Term.Identity(key.at()), key, false));
    }

    /** Everything but a comma. */
    private Term value() {
        int at = parser.token().at();
        List<Term> parts = new ArrayList<>(1);
        do {
            parts.add(parser.binary(1));
        } while (parser.takes("|"));
        return parts.size() == 1 ? parts.getFirst() : new Term.Pipe(at, parts);
    }

    /** Alternatives, parted by {@code ?//}. */
    List<Pattern> patterns() {
        List<Pattern> patterns = new ArrayList<>(1);
        do {
            patterns.add(pattern());
        } while (parser.takes("?//"));
        return List.copyOf(patterns);
    }

    private Pattern pattern() {
        parser.enter();
        Pattern pattern = entered();
        parser.leave();
        return pattern;
    }

    private Pattern entered() {
        Token first = parser.token();
        if (first.kind() == Kind.VARIABLE) {
            return new Pattern.Name(first.at(), parser.take().text());
        }
        if (parser.takes("[")) {
            List<Pattern> elements = new ArrayList<>();
            do {
                elements.add(pattern());
            } while (parser.takes(","));
            parser.expect("]");
            return new Pattern.Elements(first.at(), List.copyOf(elements));
        }
        parser.expect("{");
        List<Pattern.Entry> entries = new ArrayList<>();
        do {
            entries.add(patternEntry());
        } while (parser.takes(","));
        parser.expect("}");
        return new Pattern.Entries(first.at(), List.copyOf(entries));
    }

    private Pattern.Entry patternEntry() {
        Token first = parser.token();
        if (first.kind() == Kind.VARIABLE) {
            parser.skip();
            return new Pattern.Entry(string(first), first.text(), parser.takes(":") ? pattern() : null);
        }
        Term key;
        if (first.kind() == Kind.NAME || first.kind() == Kind.KEYWORD) {
            key = string(parser.take());
        } else if (first.kind() == Kind.QUOTE) {
            key = text(null);
        } else {
            parser.expect("(");
            key = parser.pipe();
            parser.expect(")");
        }
        parser.expect(":");
        return new Pattern.Entry(key, null, pattern());
    }
}
