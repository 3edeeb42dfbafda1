package dev.sluice.executor.expression.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.expression.limit.Bound;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.Limits;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostilePatternsTest {

    private static final int LENGTH = 100_000;
    /** Of a thread; an evaluation may be deep in others' calls when it gets to a pattern. */
    private static final int SMALL_STACK = 512 << 10;

    @ParameterizedTest
    @CsvSource({
        "^(a+)+$, a, !",
        "^(a|a)*$, a, !",
        "^(a|aa)+$, a, !",
        "^(a*)*$, a, !",
        "(a*)*b, a, !",
        "a*b, a, !",
        "a*+b, a, !",
        "(?:a|b|ab)*c, ab, !",
        "(.*)*x, a, !",
        "(x+x+)+y, x, !",
        "(?:(?:a?)*)*b, a, !",
        "(?:a*?)*?b, a, !",
        ".*.*.*.*=, a, !",
        "(?m)^(?:\\s|\\d)+$, ' ', x",
        "\"(?:[^\"]|\"\")*\"y, '\"', x"
    })
    void isLinearWhereNothingIsReferredTo(String pattern, String repeated, String end) {
        String text = repeated.repeat(LENGTH / repeated.length()) + end;

        assertThat(find(pattern, text, 100L * text.length())).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "^(?:(a+)+)\\1$, a",
        "^(?:(?=(a+))a+)+$, a",
        "^(?>(a+)+)b(?=a)|^(?=(a|aa)+$)c, a",
        "(?<=(a|aa)*c)b, a",
        "(?<!a*)a{3}b, a",
        "(a*)\\1\\1\\1c, a",
        "(?i)(é*)\\1c, É"
    })
    void endsByItsStepsElsewhere(String pattern, String repeated) {
        assertThatThrownBy(() -> find(pattern, repeated.repeat(LENGTH) + "b!", 2_000_000))
                .isInstanceOf(LimitException.class)
                .satisfies(e -> assertThat(((LimitException) e).bound()).isEqualTo(Bound.STEPS));
    }

    @Test
    void goesOnWithoutNotesWhereTheyWouldTakeTooMuchMemory() {
        Limits little = new Limits(1_000_000, 80_000, 100, 100, 100, 100, Duration.ofMinutes(5));

        assertThatThrownBy(() -> Searches.compile("(?:a|b|ab)*c", "")
                        .find("ab".repeat(20_000), 0, new Budget(little, () -> false)))
                .isInstanceOf(LimitException.class);
        assertThat(Searches.words(
                        Searches.compile("a*b", "").find("a".repeat(1_000) + "b", 0, new Budget(little, () -> false))))
                .isEqualTo("0-1001");
    }

    @Test
    void chargesWhatItKeepsForGoingBack() {
        Limits little = new Limits(100_000_000, 1 << 20, 100, 100, 100, 100, Duration.ofMinutes(5));

        assertThatThrownBy(() -> Searches.compile("(?:(a)|(b))*", "")
                        .find("ab".repeat(LENGTH), 0, new Budget(little, () -> false)))
                .isInstanceOf(LimitException.class)
                .satisfies(e -> assertThat(((LimitException) e).bound()).isEqualTo(Bound.BYTES));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "(?:", "(?=", "(?<!", "(?>", "(a|", "(?:a*", "(?i:", "[[:alpha:]"})
    void refusesWhatIsNestedTooDeeply(String open) {
        String pattern = open.repeat(65_000 / open.length());

        assertThatThrownBy(() -> onSmallStack(() -> deep(pattern))).isInstanceOf(RegexException.class);
    }

    @ParameterizedTest
    @CsvSource({"(, )", "(?:a|, )*", "(?=, )", "(?<=, )", "((?:, a)*)*", "(?:, a)+?{1,}{1,}"})
    void takesWhatIsNestedAsDeeplyAsItMayBe(String open, String close) {
        int each = (int) open.chars().filter(c -> c == '(').count();
        String pattern = open.repeat(50 / each) + 'a' + close.repeat(50 / each);

        assertThat(onSmallStack(() -> deep(pattern))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{1}{1}{1}{1}",
                "(?:ab){100000}",
                "(?:(?:(?:(?:ab){100}){100}){100}){100}",
                "(?:(?:(?:(?:(?:){99}|){99}){99}){99}){99}",
                "(?:a|b){1,50000}",
                "((((((a?){9}){9}){9}){9}){9}){9}"
            })
    void refusesWhatWouldBeTooBig(String pattern) {
        assertThatThrownBy(() -> Searches.compile(pattern, "")).isInstanceOf(RegexException.class);
    }

    @Test
    void countsTheCharactersOfStringsThatAreRepeated() {
        String pattern = "(?:" + "abcdefgh".repeat(8_000) + "){1000}";

        assertThatThrownBy(() -> Searches.compile(pattern, "")).isInstanceOf(RegexException.class);
    }

    @Test
    void takesClassesAndChoicesOfAnySize() {
        StringBuilder set = new StringBuilder("[");
        StringBuilder choice = new StringBuilder("x");
        for (int c = 0x4E00; set.length() < 40_000; c += 2) {
            set.appendCodePoint(c);
            choice.append('|').appendCodePoint(c).append('y');
        }
        choice.setLength(40_000);

        assertThat(Searches.find(set + "]+", "i", "a" + "一丂".repeat(3), 0)).isEqualTo("1-7");
        assertThat(Searches.find(choice.toString(), "", "一丂丂y", 0)).isEqualTo("2-4");
        assertThatThrownBy(() -> Searches.compile("[" + "[:alpha:]\\d".repeat(5_000) + "\\xff]", ""))
                .isInstanceOf(RegexException.class);
    }

    /** Each pattern meets a text of ten million characters: what is done between two looks at the clock is short. */
    @ParameterizedTest
    @CsvSource({
        "b, ''",
        "abc, ''",
        "[b-z], ''",
        "a*, ''",
        "a*?b, ''",
        "a*+, ''",
        "[^b]{1000}c, ''",
        "(?<=a)b, ''",
        "\\bb, ''",
        "a{100000}, ''",
        "^b, ''",
        "b$, ''",
        "\\d|é, ''",
        "a*, n",
        "b, i"
    })
    void looksAtTheBudgetOften(String pattern, String flags) {
        AtomicInteger looks = new AtomicInteger();
        Limits limits = new Limits(3_000_000, 1 << 30, 100, 100, 100, 100, Duration.ofMinutes(5));
        Budget budget = new Budget(limits, () -> looks.incrementAndGet() < 0);
        String text = "a".repeat(10_000_000);
        try {
            Match match = Searches.compile(pattern, flags).find(text, 0, budget);
            int gone = match == null ? text.length() : match.end(0);
            boolean anchored = pattern.startsWith("^");
            assertThat(looks.get()).isGreaterThanOrEqualTo(anchored ? 0 : gone / 16 / 10_000);
        } catch (LimitException e) {
            assertThat(e.bound()).isEqualTo(Bound.STEPS);
            assertThat(looks.get()).isGreaterThan(300);
        }
    }

    @Test
    void endsWhenNobodyWantsTheAnswer() {
        AtomicInteger looks = new AtomicInteger();
        Limits limits = new Limits(1L << 40, 1 << 30, 100, 100, 100, 100, Duration.ofMinutes(5));
        Budget budget = new Budget(limits, () -> looks.incrementAndGet() > 10);

        assertThatThrownBy(() -> Searches.compile("^(?:(a+)+)\\1$", "").find("a".repeat(99) + '!', 0, budget))
                .isInstanceOf(LimitException.class)
                .satisfies(e -> assertThat(((LimitException) e).bound()).isEqualTo(Bound.CANCELLED));
    }

    private static @Nullable Match find(String pattern, String text, long steps) {
        return Searches.compile(pattern, "").find(text, 0, Searches.budget(steps));
    }

    private static void deep(String pattern) {
        Regex regex = Searches.compile(pattern, "");
        assertThat(Searches.words(regex.find("aaaa", 0, Searches.budget()))).isNotBlank();
    }

    /** Runs it on a thread of its own; gives null, or throws what it threw. */
    private static @Nullable Object onSmallStack(Runnable work) {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(null, work, "small", SMALL_STACK);
        thread.setUncaughtExceptionHandler((ignored, e) -> thrown.set(e));
        thread.start();
        try {
            thread.join(Duration.ofMinutes(2));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(thread.isAlive()).isFalse();
        if (thrown.get() instanceof RuntimeException e) {
            throw e;
        }
        return thrown.get();
    }
}
