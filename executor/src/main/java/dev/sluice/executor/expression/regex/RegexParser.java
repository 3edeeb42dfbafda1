package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.regex.Node.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads Oniguruma's syntax Perl_NG with ONIG_OPTION_CAPTURE_GROUP, which is jq's: Perl's, with named groups. Escapes that mean
 * nothing in it (\h, \v) stand for their letter, as they do in jq.
 */
final class RegexParser {

    /** Groups within groups; reading and compiling call themselves for each, and are to do with a small stack. */
    private static final int DEPTH = 50;

    private final Source source;
    private final Budget budget;
    private final Groups groups;
    private final Escapes escapes;
    private final ClassParser classes;
    private final Quantifiers quantifiers;
    private final EscapeParser escaped;
    private Modes modes;
    /** Between \Q and \E. */
    private boolean quoted;

    private int depth;

    private RegexParser(String pattern, Modes modes, Budget budget) {
        this.source = new Source(pattern);
        this.modes = modes;
        this.budget = budget;
        this.groups = new Groups(source);
        this.escapes = new Escapes(source);
        this.classes = new ClassParser(source, escapes, budget);
        this.quantifiers = new Quantifiers(source, groups);
        this.escaped = new EscapeParser(source, escapes, groups);
    }

    /** Throws RegexException for what is no pattern and for what is not supported. */
    static Parsed parse(String pattern, Modes modes, Budget budget) {
        RegexParser parser = new RegexParser(pattern, modes, budget);
        Node node = parser.choice();
        if (parser.source.peek() != Source.END) {
            throw parser.source.invalid("unmatched close parenthesis");
        }
        parser.groups.checkReferences();
        return new Parsed(node, parser.groups.names(), parser.groups.registers());
    }

    private Node choice() {
        List<Node> alternatives = new ArrayList<>();
        do {
            alternatives.add(sequence());
        } while (source.take('|'));
        return Node.Choice.of(alternatives);
    }

    private Node sequence() {
        List<Node> nodes = new ArrayList<>();
        skip();
        while (!ends()) {
            budget.step();
            Node atom = atom(source.next());
            if (atom != null) {
                nodes.add(quantified(atom));
            }
            skip();
        }
        return Node.Sequence.of(nodes);
    }

    private boolean ends() {
        int c = source.peek();
        return c == Source.END || (!quoted && (c == '|' || c == ')'));
    }

    private Node quantified(Node atom) {
        Node node = atom;
        for (int count = 0; ; count++) {
            skip();
            Node more = quoted ? null : quantifiers.apply(node, count);
            if (more == null) {
                return node;
            }
            node = more;
        }
    }

    /** Null for what only switches modes. */
    private @Nullable Node atom(int c) {
        if (quoted) {
            return literal(c);
        }
        return switch (c) {
            case '\\' -> escape();
            case '[' -> new Node.OneOf(classes.parse(modes.ignoreCase()));
            case '.' -> new Node.OneOf(modes.dotAll() ? CharSet.ANY : CharSet.NOT_NEWLINE);
            case '^' -> new Node.At(modes.multiLine() ? Place.LINE_BEGIN : Place.BEGIN);
            case '$' -> new Node.At(modes.multiLine() ? Place.LINE_END : Place.END_OR_LAST_NEWLINE);
            case '(' -> group();
            case '*', '+', '?' -> throw quantifiers.withoutTarget();
            case '{' -> {
                quantifiers.refuseInterval();
                yield literal(c);
            }
            default -> literal(c);
        };
    }

    private Node escape() {
        int c = source.next();
        Node node = escaped.parse(c, modes.ignoreCase());
        return node == null ? literal(escapes.character(c)) : node;
    }

    private Node literal(int c) {
        return new Node.Literal(c, modes.ignoreCase() && CaseFold.variants(c).length > 0);
    }

    /** White space and comments where they do not count, and the ends of quotes. */
    private void skip() {
        boolean more = true;
        while (more) {
            if (quoted) {
                quoted = !source.take("\\E");
                more = !quoted;
            } else if (source.take("\\Q")) {
                quoted = true;
            } else if (source.take("(?#")) {
                comment();
            } else {
                more = modes.extended() && skipExtended();
            }
        }
    }

    private void comment() {
        String comment = source.until(')', "end pattern in group");
        budget.steps(comment.length());
    }

    private boolean skipExtended() {
        if (source.take('#')) {
            while (source.peek() != Source.END && source.next() != '\n') {
                budget.step();
            }
            return true;
        }
        int c = source.peek();
        boolean space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
        return space && source.next() == c;
    }

    private @Nullable Node group() {
        if (++depth > DEPTH) {
            throw source.invalid("parse depth limit over");
        }
        Modes before = modes;
        Node node;
        if (source.take('*')) {
            throw source.invalid("callouts are not supported");
        } else if (source.take('?')) {
            node = special();
        } else {
            node = capture(null);
        }
        if (node != null) {
            modes = before;
        }
        depth--;
        return node;
    }

    private @Nullable Node special() {
        int c = source.next();
        return switch (c) {
            case Source.END -> throw source.invalid("end pattern in group");
            case ':' -> body();
            case '=', '!' -> look(false, c == '!');
            case '>' -> new Node.Atomic(body(), groups.register(1));
            case '<' -> {
                if (source.looksAt("=") || source.looksAt("!")) {
                    yield look(true, source.next() == '!');
                }
                yield capture(groups.name('>'));
            }
            case '\'' -> capture(groups.name('\''));
            case '~' -> throw source.invalid("absent operators are not supported");
            case '(' -> throw source.invalid("conditionals are not supported");
            case '{' -> throw source.invalid("callouts are not supported");
            case 'R', '&' -> throw source.invalid("subexpression calls are not supported");
            default -> switches(c);
        };
    }

    private Node look(boolean behind, boolean negative) {
        int register = groups.register(3);
        return new Node.Look(body(), behind, negative, register);
    }

    private Node capture(@Nullable String name) {
        int number = groups.open(name);
        Node body = body();
        groups.close(number);
        return new Node.Capture(number, body);
    }

    private Node body() {
        Node body = choice();
        if (!source.take(')')) {
            throw source.invalid("end pattern with unmatched parenthesis");
        }
        return body;
    }

    /** (?i-m) up to the end of the group around, or (?i-m:...). */
    private @Nullable Node switches(int first) {
        boolean on = true;
        for (int c = first; c != ')' && c != ':'; c = source.next()) {
            Modes next = c == '-' ? modes : modes.with(c, on);
            if (next == null) {
                throw source.invalid(c == Source.END ? "end pattern in group" : "undefined group option");
            }
            on &= c != '-';
            modes = next;
            if (source.take(':')) {
                return body();
            }
        }
        return null;
    }

    /**
     * What came out of a pattern.
     *
     * @param names     of the groups from 1 on, null for those without one
     * @param registers that its parts need besides the groups
     */
    record Parsed(Node node, List<@Nullable String> names, int registers) {}
}
