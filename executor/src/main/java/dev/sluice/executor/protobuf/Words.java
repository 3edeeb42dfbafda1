package dev.sluice.executor.protobuf;

import dev.sluice.executor.protobuf.Token.Kind;
import java.math.BigInteger;

/** The words of one file, with one of them ahead. Not thread-safe. */
final class Words {

    private static final int LONGEST_NAME = 1000;
    private static final int LONGEST_NUMBER = 40;
    private static final int HEX = 16;
    private static final int OCTAL = 8;
    private static final int DECIMAL = 10;

    private final String file;
    private final Scanner scanner;
    private Token next;

    Words(String file, String text) throws ProtoException {
        this.file = file;
        this.scanner = new Scanner(file, text);
        this.next = scanner.next();
    }

    /** What comes next, which stays. */
    Token peek() {
        return next;
    }

    Token take() throws ProtoException {
        Token taken = next;
        next = scanner.next();
        return taken;
    }

    /** Takes a symbol or word when it comes next. */
    boolean accept(String symbolOrName) throws ProtoException {
        boolean there = next.is(symbolOrName);
        if (there) {
            var _ = take();
        }
        return there;
    }

    void expect(String symbolOrName) throws ProtoException {
        if (!accept(symbolOrName)) {
            throw expected("'" + symbolOrName + '\'');
        }
    }

    String name(String what) throws ProtoException {
        Token name = take(Kind.NAME, what);
        requireShort(name, name.text());
        return name.text();
    }

    /** Whoever looks a name up does so part by part. */
    private void requireShort(Token at, CharSequence name) throws ProtoException {
        if (name.length() > LONGEST_NAME) {
            throw wrong(at, "a name is longer than " + LONGEST_NAME + " characters");
        }
    }

    /** Names with dots between them, and before them where that may be. */
    String fullName(boolean absolute) throws ProtoException {
        StringBuilder name = new StringBuilder();
        if (absolute && accept(".")) {
            name.append('.');
        }
        name.append(name("a name"));
        while (accept(".")) {
            name.append('.').append(name("a name"));
            requireShort(next, name);
        }
        return name.toString();
    }

    /** One string, however many pieces it is written in. */
    String text() throws ProtoException {
        StringBuilder text = new StringBuilder(take(Kind.TEXT, "a string").text());
        while (next.kind() == Kind.TEXT) {
            text.append(take().text());
        }
        return text.toString();
    }

    /** A whole number within bounds, with a sign where it is below zero. */
    int integer(long least, long most, String what) throws ProtoException {
        boolean negative = least < 0 && accept("-");
        Token token = take(Kind.INTEGER, what);
        BigInteger magnitude = magnitude(token);
        BigInteger value = negative ? magnitude.negate() : magnitude;
        if (value.compareTo(BigInteger.valueOf(least)) < 0 || value.compareTo(BigInteger.valueOf(most)) > 0) {
            throw wrong(token, what + " must be from " + least + " to " + most);
        }
        return value.intValue();
    }

    /** What a whole number is, in whichever of its three ways it is written. */
    BigInteger magnitude(Token token) throws ProtoException {
        String digits = token.text();
        boolean hexadecimal = digits.startsWith("0x") || digits.startsWith("0X");
        boolean octal = !hexadecimal && digits.length() > 1 && digits.startsWith("0");
        try {
            if (digits.length() > LONGEST_NUMBER) {
                throw new NumberFormatException("longer than any number");
            }
            return hexadecimal
                    ? new BigInteger(digits.substring(2), HEX)
                    : new BigInteger(digits, octal ? OCTAL : DECIMAL);
        } catch (NumberFormatException e) {
            throw wrong(token, token.described() + " is no whole number");
        }
    }

    private Token take(Kind kind, String what) throws ProtoException {
        if (next.kind() != kind) {
            throw expected(what);
        }
        return take();
    }

    ProtoException expected(String what) {
        return wrong(next, "expected " + what + ", not " + next.described());
    }

    ProtoException wrong(Token token, String what) {
        return new ProtoException(file + ':' + token.line() + ':' + token.column() + ": " + what);
    }
}
