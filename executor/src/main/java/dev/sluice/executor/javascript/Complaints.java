package dev.sluice.executor.javascript;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The beginning of what an interpreter itself writes when it fails, which is for people. */
final class Complaints extends ByteArrayOutputStream {

    private static final int MOST = 16_384;

    private static final Pattern ERROR =
            Pattern.compile("`Err` value: (?:Error: )?(.*?)\\R(.*?)note: ", Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("function\\.mjs:(\\d+)");

    @Override
    public synchronized void write(int value) {
        if (size() < MOST) {
            super.write(value);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        super.write(bytes, offset, Math.clamp(length, 0, MOST - size()));
    }

    /** Whether it failed for want of memory. */
    boolean ofMemory() {
        String text = toString(StandardCharsets.UTF_8);
        return text.contains("memory allocation of") || text.contains("out of memory");
    }

    /** The error that it failed with, and its line in the script; null if it failed with none. */
    @Nullable
    String problem() {
        Matcher error = ERROR.matcher(toString(StandardCharsets.UTF_8));
        if (ofMemory() || !error.find()) {
            return null;
        }
        Matcher place = PLACE.matcher(error.group(2));
        String where = place.find() ? " (line " + place.group(1) + ')' : "";
        return error.group(1) + where;
    }
}
