package dev.sluice.executor.expression.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedPatternsTest {

    @ParameterizedTest
    @CsvSource(
            delimiterString = "::",
            quoteCharacter = '`',
            value = {
                "(              :: end pattern with unmatched parenthesis",
                "(?:a           :: end pattern with unmatched parenthesis",
                "(?<=           :: end pattern with unmatched parenthesis",
                "a)             :: unmatched close parenthesis",
                "(?             :: end pattern in group",
                "(?i            :: end pattern in group",
                "a(?#c          :: end pattern in group",
                "(?P<n>a)       :: undefined group option",
                "(?a)b          :: undefined group option",
                "(?|a)          :: undefined group option",
                "[              :: premature end of char-class",
                "[a-            :: premature end of char-class",
                "[]             :: empty char-class",
                "[^]            :: empty char-class",
                "[z-a]          :: empty range in char class",
                "[a-\\d]        :: char-class value at end of range",
                "[\\d-a]        :: unmatched range specifier in char-class",
                "[\\w-.]        :: unmatched range specifier in char-class",
                "[[:foo:]]      :: invalid POSIX bracket type",
                "\\p{Nope}      :: invalid character property name {Nope}",
                "\\p{}          :: invalid character property name {}",
                "a\\            :: end pattern at escape",
                "[a\\           :: end pattern at escape",
                "\\c            :: end pattern at control",
                "\\xe9          :: too short multibyte code string",
                "\\xff          :: too short multibyte code string",
                "\\xc3\\x41     :: too short multibyte code string",
                "\\xed\\xa0\\x80 :: too short multibyte code string",
                "\\x{110000}    :: too big wide-char value",
                "\\x{000000041} :: too long wide-char value",
                "\\x{d800}      :: invalid code point value",
                "\\x{41         :: invalid code point value",
                "\\x{}          :: invalid code point value",
                "*a             :: target of repeat operator is not specified",
                "a|+            :: target of repeat operator is not specified",
                "{2}            :: target of repeat operator is not specified",
                "(?i)*          :: target of repeat operator is not specified",
                "^*             :: target of repeat operator is invalid",
                "(?=a)*         :: target of repeat operator is invalid",
                "\\b+           :: target of repeat operator is invalid",
                "a{2,1}         :: upper is smaller than lower in repeat range",
                "a{100001}      :: too big number for repeat range",
                "a{1,9999999999999} :: too big number for repeat range",
                "(a)\\2         :: invalid backref number/name",
                "\\8            :: invalid backref number/name",
                "\\k<0>         :: invalid backref number/name",
                "(a)\\k<-2>     :: invalid backref number/name",
                "\\k<n>         :: undefined name <n> reference",
                "\\k<n>(?<n>a)  :: undefined name <n> reference",
                "(?<>a)         :: group name is empty",
                "(?<1n>a)       :: invalid group name <1n>",
                "(?<-n>a)       :: invalid group name <-n>",
                "(?<n           :: invalid group name <>",
                "(a)\\g<1>      :: subexpression calls are not supported",
                "(?R)           :: subexpression calls are not supported",
                "(?&n)          :: subexpression calls are not supported",
                "(a)?(?(1)b|c)  :: conditionals are not supported",
                "(?~ab)         :: absent operators are not supported",
                "(*FAIL)        :: callouts are not supported",
                "(?{a})         :: callouts are not supported",
                "\\X            :: \\X is not supported",
                "\\y            :: \\y is not supported",
                "\\Y            :: \\Y is not supported"
            })
    void saysWhyAPatternIsNone(String pattern, String reason) {
        assertThatThrownBy(() -> Searches.compile(pattern, ""))
                .isInstanceOf(RegexException.class)
                .hasMessage("%s (at offset 0) is not a valid regex: %s", pattern, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "G", "gq", " ", "i,x", "😀"})
    void refusesLettersThatAreNoFlags(String flags) {
        assertThatThrownBy(() -> Searches.compile("a", flags))
                .isInstanceOf(RegexException.class)
                .hasMessage("%s is not a valid modifier string", flags);
    }

    @Test
    void showsTheBeginOfALongPattern() {
        assertThatThrownBy(() -> Searches.compile("a".repeat(999) + "😀(", ""))
                .hasMessageStartingWith("%s... (at offset 0)", "a".repeat(999));
        assertThatThrownBy(() -> Searches.compile("a".repeat(65_537), ""))
                .hasMessageEndingWith(": longer than 65536 characters");
        assertThat(Searches.compile("a".repeat(65_536), "").groups()).isEmpty();
    }
}
