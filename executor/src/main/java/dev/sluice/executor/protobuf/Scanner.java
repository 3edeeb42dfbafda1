package dev.sluice.executor.protobuf;

import dev.sluice.executor.protobuf.Token.Kind;

/** Cuts the text of a file into words, one after the other (Protocol Buffers language specification, "Lexical Elements"). */
final class Scanner {

    private static final int HEX = 16;
    private static final int OCTAL = 8;

    private final String file;
    private final String text;
    private int at;
    private int line = 1;
    private int lineStart;

    Scanner(String file, String text) {
        this.file = file;
        this.text = text;
        // A byte order mark is no word.
        this.at = text.startsWith("\uFEFF") ? 1 : 0;
        this.lineStart = at;
    }

    /** The next word; at the end {@link Kind#END} for ever. */
    Token next() throws ProtoException {
        skip();
        int start = at;
        if (at == text.length()) {
            return token(Kind.END, "", start);
        }
        char first = text.charAt(at);
        if (isLetter(first)) {
            while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
                at++;
            }
            return token(Kind.NAME, text.substring(start, at), start);
        }
        if (isDigit(first) || (first == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            return number(start);
        }
        if (first == '"' || first == '\'') {
            return string(first, start);
        }
        if (first < ' ' || first > '~') {
            throw wrong(start, "there is a character that has no place here");
        }
        at++;
        return token(Kind.SYMBOL, String.valueOf(first), start);
    }

    private Token token(Kind kind, String word, int start) {
        return new Token(kind, word, line, start - lineStart + 1);
    }

    private void skip() throws ProtoException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                newLine();
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u000b') {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                skipComment();
            } else {
                return;
            }
        }
    }

    private void skipComment() throws ProtoException {
        int start = at;
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            throw wrong(start, "the comment does not end");
        }
        while (at < end + 2) {
            if (text.charAt(at) == '\n') {
                newLine();
            } else {
                at++;
            }
        }
    }

    private void newLine() {
        at++;
        line++;
        lineStart = at;
    }

    /** Letters belong to it too, so that {@code 1x} is no number followed by a name. */
    private Token number(int start) throws ProtoException {
        boolean decimal = false;
        boolean hexadecimal = text.startsWith("0x", at) || text.startsWith("0X", at);
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean exponent = !hexadecimal && (c == 'e' || c == 'E');
            if (exponent && at + 1 < text.length() && (text.charAt(at + 1) == '+' || text.charAt(at + 1) == '-')) {
                at++;
            }
            if (!isDigit(c) && !isLetter(c) && c != '.') {
                break;
            }
            decimal |= exponent || c == '.';
            at++;
        }
        return token(decimal ? Kind.DECIMAL : Kind.INTEGER, text.substring(start, at), start);
    }

    private Token string(char quote, int start) throws ProtoException {
        StringBuilder said = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at);
            if (c == '\n') {
                throw wrong(start, "the string does not end on its line");
            }
            at++;
            said.append(c == '\\' ? escaped(start) : c);
        }
        if (at == text.length()) {
            throw wrong(start, "the string does not end");
        }
        at++;
        return token(Kind.TEXT, said.toString(), start);
    }

    private char escaped(int start) throws ProtoException {
        if (at == text.length()) {
            throw wrong(start, "the string does not end");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case 'a' -> '\u0007';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> '\u000b';
            case 'x', 'X' -> digits(HEX, 2, start);
            case 'u' -> digits(HEX, 4, start);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                yield digits(OCTAL, 3, start);
            }
            case '\\', '\'', '"', '?' -> c;
            default -> throw wrong(start, "the string has an escape that there is not");
        };
    }

    private char digits(int radix, int most, int start) throws ProtoException {
        int value = 0;
        int count = 0;
        while (count < most && at < text.length() && Character.digit(text.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(text.charAt(at++), radix);
            count++;
        }
        if (count == 0) {
            throw wrong(start, "the string has an escape without digits");
        }
        return (char) value;
    }

    private ProtoException wrong(int start, String what) {
        return new ProtoException(file + ':' + line + ':' + (start - lineStart + 1) + ": " + what);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
