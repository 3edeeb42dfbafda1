package dev.sluice.executor.expression.syntax;

import dev.sluice.executor.expression.syntax.Token.Kind;
import java.util.List;
import java.util.Set;

/** Reads tokens one after another. Strings are read by the parser piece by piece, since programs are within them. */
final class Lexer {

    private static final Set<String> KEYWORDS = Set.of(
            "def", "module", "import", "include", "if", "then", "else", "elif", "end", "as", "reduce", "foreach", "try",
            "catch", "label", "and", "or", "__loc__");
    private static final List<String> SIGNS = List.of(
            "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..", ".", "[", "]", "(",
            ")", "{", "}", "|", ",", ":", ";", "=", "<", ">", "+", "-", "*", "/", "%", "?", "$");

    private final String source;
    private int at;

    Lexer(String source) {
        this.source = source;
    }

    String source() {
        return source;
    }

    int at() {
        return at;
    }

    /** The next token; after a QUOTE, the string's characters come by {@link #character}. */
    Token next() {
        skipSpace();
        int start = at;
        if (at == source.length()) {
            return new Token(Kind.END, "", at);
        }
        char c = source.charAt(at);
        if (c == '"') {
            at++;
            return new Token(Kind.QUOTE, "\"", start);
        }
        if (isDigit(at) || (c == '.' && isDigit(at + 1))) {
            return number();
        }
        if (c == '.' && startsName(at + 1)) {
            at++;
            return new Token(Kind.FIELD, name(), start);
        }
        if (c == '$' && startsName(at + 1)) {
            at++;
            return new Token(Kind.VARIABLE, qualified(), start);
        }
        if (c == '@' && (startsName(at + 1) || isDigit(at + 1))) {
            at++;
            return new Token(Kind.FORMAT, name(), start);
        }
        if (startsName(at)) {
            String name = qualified();
            return new Token(KEYWORDS.contains(name) ? Kind.KEYWORD : Kind.NAME, name, start);
        }
        return sign();
    }

    /** Whether a character is left; a string is read by this. */
    boolean hasCharacter() {
        return at < source.length();
    }

    /** The next character, whatever it is. */
    char character() {
        return source.charAt(at++);
    }

    private Token sign() {
        for (String sign : SIGNS) {
            if (source.startsWith(sign, at)) {
                Token token = new Token(Kind.SIGN, sign, at);
                at += sign.length();
                return token;
            }
        }
        int point = source.codePointAt(at);
        throw Parser.refused(source, at, "unexpected character '" + Character.toString(point) + '\'');
    }

    private Token number() {
        int start = at;
        skipDigits();
        if (at < source.length() && source.charAt(at) == '.') {
            at++;
            skipDigits();
        }
        if (at < source.length() && (source.charAt(at) | ' ') == 'e') {
            int exponent = at + 1;
            if (exponent < source.length() && "+-".indexOf(source.charAt(exponent)) >= 0) {
                exponent++;
            }
            if (isDigit(exponent)) {
                at = exponent;
                skipDigits();
            }
        }
        return new Token(Kind.NUMBER, source.substring(start, at), start);
    }

    private void skipDigits() {
        while (isDigit(at)) {
            at++;
        }
    }

    private void skipSpace() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '#') {
                skipComment();
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    /** To the end of the line, which an odd number of backslashes before it puts off. */
    private void skipComment() {
        while (at < source.length()) {
            char c = source.charAt(at++);
            if (c == '\\' && at < source.length()) {
                at += source.startsWith("\r\n", at) ? 2 : 1;
            } else if (c == '\n') {
                return;
            }
        }
    }

    private String name() {
        int start = at;
        skipName();
        return source.substring(start, at);
    }

    private void skipName() {
        while (startsName(at) || isDigit(at)) {
            at++;
        }
    }

    /** A name, with those of modules before it. */
    private String qualified() {
        int start = at;
        skipName();
        while (source.startsWith("::", at) && startsName(at + 2)) {
            at += 2;
            skipName();
        }
        return source.substring(start, at);
    }

    private boolean isDigit(int index) {
        return index < source.length() && source.charAt(index) >= '0' && source.charAt(index) <= '9';
    }

    private boolean startsName(int index) {
        if (index >= source.length()) {
            return false;
        }
        char c = source.charAt(index);
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
