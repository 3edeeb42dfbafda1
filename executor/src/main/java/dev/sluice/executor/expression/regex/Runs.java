package dev.sluice.executor.expression.regex;

/** Goes over characters of a text that are all in one set. Positions are never within a character of two units. */
final class Runs {

    /** Characters between two looks at the meter. */
    private static final int CHUNK = 256;

    /** Characters that are compared at once. */
    private static final int PIECE = 1 << 14;

    private final String text;
    private final Meter meter;

    Runs(String text, Meter meter) {
        this.text = text;
        this.meter = meter;
    }

    /** Whether the next character is in the set. */
    boolean has(CharSet set, int at) {
        return at < text.length() && set.contains(text.codePointAt(at));
    }

    /** After the next character. */
    int after(int at) {
        return at + Character.charCount(text.codePointAt(at));
    }

    /** Where the characters of a set end, so many at most. */
    int end(CharSet set, int from, int most) {
        int end = from;
        int count = 0;
        while (count < most && has(set, end)) {
            end = after(end);
            chunk(++count);
        }
        meter.passed(count % CHUNK);
        return end;
    }

    /** Where so many characters of a set end; -1 if there are fewer. */
    int exactly(CharSet set, int from, int times) {
        int end = from;
        for (int count = 0; count < times; ) {
            if (!has(set, end)) {
                return -1;
            }
            end = after(end);
            chunk(++count);
        }
        meter.passed(times % CHUNK);
        return end;
    }

    /** Before a position, where the next character is the one that is given; where it is -1 or there is none, at the least. */
    int earlier(int least, int end, int next) {
        int at = end;
        int count = 0;
        do {
            at = text.offsetByCodePoints(at, -1);
            chunk(++count);
        } while (at > least && next >= 0 && text.codePointAt(at) != next);
        meter.passed(count % CHUNK);
        return at;
    }

    /** So many characters before a position; -1 if there are fewer. */
    int back(int from, int times) {
        int at = from;
        for (int count = 0; count < times; chunk(count)) {
            if (at < times - count) {
                return -1;
            }
            at = text.offsetByCodePoints(at, -1);
            count++;
        }
        meter.passed(times % CHUNK);
        return at;
    }

    /** Where the text that is between begin and end also ends when it begins at {@code at}; -1 if it is not there. */
    int same(int begin, int end, int at) {
        meter.passed(end - begin + 16);
        int to = at + end - begin;
        return matches(begin, end, at) && Starts.whole(text, to) == to ? to : -1;
    }

    private boolean matches(int begin, int end, int at) {
        for (int i = 0; i < end - begin; i += PIECE) {
            if (i > 0) {
                meter.budget().look(0);
            }
            if (!text.regionMatches(at + i, text, begin + i, Math.min(PIECE, end - begin - i))) {
                return false;
            }
        }
        return true;
    }

    /** The same in any case. */
    int folded(int begin, int end, int at) {
        int to = at;
        int count = 0;
        for (int i = begin; i < end; i = after(i)) {
            chunk(++count);
            if (to == text.length() || CaseFold.fold(text.codePointAt(i)) != CaseFold.fold(text.codePointAt(to))) {
                return -1;
            }
            to = after(to);
        }
        meter.passed(count % CHUNK + 16);
        return to;
    }

    private void chunk(int count) {
        if (count % CHUNK == 0) {
            meter.passed(CHUNK);
        }
    }
}
