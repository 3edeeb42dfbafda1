package dev.sluice.executor.expression;

import dev.sluice.executor.expression.ProgramNames.Use;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the names in a jq program without parsing it, because jackson-jq looks names up only when it meets them in an
 * evaluation. A name that is bound or defined anywhere in the program counts as known everywhere in it; a use outside of
 * its reach is left to the evaluation.
 */
final class ProgramScanner {

    private static final Set<String> KEYWORDS = Set.of(
            "def", "if", "then", "elif", "else", "end", "as", "reduce", "foreach", "try", "catch", "label", "and", "or",
            "null", "true", "false", "break");

    private final String program;
    private final List<Use> variables = new ArrayList<>();
    private final Set<String> bound = new HashSet<>();
    private final List<Use> calls = new ArrayList<>();
    private final Set<String> defined = new HashSet<>();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private String previous = "";
    private int patternDepth = -1;
    private int at;

    private ProgramScanner(String program) {
        this.program = program;
    }

    static ProgramNames scan(String program) {
        ProgramScanner scanner = new ProgramScanner(program);
        while (scanner.at < program.length()) {
            scanner.next();
        }
        return new ProgramNames(scanner.variables, scanner.bound, scanner.calls, scanner.defined);
    }

    private void next() {
        char c = program.charAt(at);
        if (Character.isWhitespace(c)) {
            at++;
        } else if (c == '#') {
            comment();
        } else if (c == '"') {
            at++;
            string();
        } else if (c == '$' && startsName(at + 1)) {
            variable();
        } else if (c == '@' && startsName(at + 1)) {
            format();
        } else if (c == '.' && startsName(at + 1)) {
            at++;
            skipName();
            previous = "field";
        } else if (Character.isDigit(c)) {
            number();
        } else if (startsName(at)) {
            word();
        } else {
            symbol(c);
        }
    }

    private void comment() {
        int end = program.indexOf('\n', at);
        at = end < 0 ? program.length() : end;
    }

    private void string() {
        while (at < program.length()) {
            char c = program.charAt(at++);
            if (c == '"') {
                previous = "string";
                return;
            }
            if (c == '\\' && at < program.length() && program.charAt(at++) == '(') {
                frames.push(new Frame('"', null));
                previous = "(";
                return;
            }
        }
    }

    private void variable() {
        int start = at++;
        String name = name();
        boolean binds = patternDepth >= 0 || previous.equals("label");
        if (binds) {
            bound.add(name);
        } else {
            variables.add(new Use(name, 0, start));
        }
        previous = "variable";
    }

    private void format() {
        int start = at++;
        calls.add(new Use('@' + name(), 0, start));
        previous = "format";
    }

    private void number() {
        while (at < program.length()) {
            char c = program.charAt(at);
            boolean sign = (c == '+' || c == '-') && "eE".indexOf(program.charAt(at - 1)) >= 0;
            if (!Character.isDigit(c) && c != '.' && c != 'e' && c != 'E' && !sign) {
                break;
            }
            at++;
        }
        previous = "number";
    }

    private void word() {
        int start = at;
        String name = name();
        Frame frame = frames.peek();
        boolean key = frame != null && frame.open == '{' && (previous.equals("{") || previous.equals(","));
        if (key) {
            previous = "key";
        } else if (previous.equals("def")) {
            defined.add(name + '/' + parameters());
            previous = "defined";
        } else if (KEYWORDS.contains(name)) {
            patternDepth = name.equals("as") ? frames.size() : patternDepth;
            previous = name;
        } else {
            call(new Use(name, 0, start));
        }
    }

    private void call(Use use) {
        int open = skipSpace(at);
        if (open < program.length() && program.charAt(open) == '(') {
            at = open + 1;
            frames.push(new Frame('(', use));
            previous = "(";
        } else {
            calls.add(use);
            previous = "call";
        }
    }

    private int parameters() {
        int open = skipSpace(at);
        if (open >= program.length() || program.charAt(open) != '(') {
            return 0;
        }
        int close = program.indexOf(')', open);
        if (close < 0) {
            return 0;
        }
        at = close + 1;
        String[] parameters = program.substring(open + 1, close).split(";", -1);
        for (String parameter : parameters) {
            String name = parameter.strip();
            if (name.startsWith("$")) {
                bound.add(name.substring(1));
            } else {
                defined.add(name + "/0");
            }
        }
        return parameters.length;
    }

    private void symbol(char c) {
        at++;
        previous = String.valueOf(c);
        boolean patternEnds = patternDepth >= 0 && frames.size() == patternDepth && (c == '|' || c == '(');
        if (patternEnds) {
            patternDepth = -1;
        }
        Frame frame = frames.peek();
        if (c == '(' || c == '[' || c == '{') {
            frames.push(new Frame(c, null));
        } else if (c == ';' && frame != null) {
            frame.separators++;
        } else if ((c == ')' || c == ']' || c == '}') && frame != null) {
            close(frames.pop());
        }
    }

    private void close(Frame frame) {
        if (frame.call != null) {
            calls.add(new Use(frame.call.name(), frame.separators + 1, frame.call.offset()));
        }
        if (frame.open == '"') {
            string();
        }
    }

    private boolean startsName(int index) {
        return index < program.length() && (program.charAt(index) == '_' || isLetter(program.charAt(index)));
    }

    private String name() {
        int start = at;
        skipName();
        return program.substring(start, at);
    }

    private void skipName() {
        while (startsName(at) || (at < program.length() && Character.isDigit(program.charAt(at)))) {
            at++;
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private int skipSpace(int from) {
        int index = from;
        while (index < program.length() && Character.isWhitespace(program.charAt(index))) {
            index++;
        }
        return index;
    }

    private static final class Frame {
        private final char open;
        private final @Nullable Use call;
        private int separators;

        private Frame(char open, @Nullable Use call) {
            this.open = open;
            this.call = call;
        }
    }
}
