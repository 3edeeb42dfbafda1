package dev.sluice.gateway.person;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a new password has to be. Length is what counts (NIST SP 800-63B, section 3.1.1.2); which characters it is made of is
 * nobody's business, as long as it is no pattern and not the person's own name.
 */
final class PasswordPolicy {

    static final int MIN = 12;
    static final int MAX = 128;

    private static final List<String> COMMON = List.of(
            "1234567890",
            "123456789",
            "12345678",
            "1234567",
            "123456",
            "12345",
            "1234",
            "123",
            "321",
            "password",
            "passw0rd",
            "passwort",
            "qwertyuiop",
            "qwertzuiop",
            "qwerty",
            "qwertz",
            "azerty",
            "asdfghjkl",
            "asdf",
            "zxcvbnm",
            "yxcvbnm",
            "letmein",
            "welcome",
            "iloveyou",
            "monkey",
            "dragon",
            "football",
            "baseball",
            "superman",
            "sunshine",
            "princess",
            "administrator",
            "admin",
            "login",
            "changeme",
            "secret",
            "master",
            "abc",
            "111",
            "000",
            "2024",
            "2025",
            "2026");

    private static final int DIFFERENT = 5;
    private static final int TELLING = 4;

    private PasswordPolicy() {}

    /** What is wrong with a password of the right length; empty when it is good. */
    static Optional<String> objection(String password, Email email, String name) {
        String lower = password.toLowerCase(Locale.ROOT);
        if (lower.chars().distinct().count() < DIFFERENT) {
            return Optional.of("It has fewer than " + DIFFERENT + " different characters.");
        }
        if (isRun(lower) || isRepetition(lower) || isMadeOfCommonOnes(lower)) {
            return Optional.of("It is a pattern that is easily guessed.");
        }
        if (contains(lower, email.local()) || contains(lower, name)) {
            return Optional.of("It contains your name or address.");
        }
        return Optional.empty();
    }

    /** Such as "password1234" and "qwertyuiop12": what is left without the parts that lists of leaked ones are full of. */
    private static boolean isMadeOfCommonOnes(String password) {
        String left = password;
        for (String part : COMMON) {
            left = left.replace(part, "");
        }
        return left.length() < TELLING;
    }

    /** Such as "abcdefghijkl" and "210987654321". */
    private static boolean isRun(String password) {
        return steps(password, 1) || steps(password, -1);
    }

    private static boolean steps(String password, int step) {
        for (int i = 1; i < password.length(); i++) {
            int difference = password.charAt(i) - password.charAt(i - 1);
            // From nine to nought and back counts as a step.
            if (difference != step && difference != -9 * step) {
                return false;
            }
        }
        return true;
    }

    /** Such as "drowssapdrowssap". */
    private static boolean isRepetition(String password) {
        return (password + password).indexOf(password, 1) < password.length();
    }

    private static boolean contains(String password, String part) {
        return part.length() >= TELLING && password.contains(part.toLowerCase(Locale.ROOT));
    }
}
