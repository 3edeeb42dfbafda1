package dev.sluice.executor.stream;

import java.util.Arrays;

/** The bytes of what is not complete, up to a bound. Used by one thread at a time. */
final class Pending {

    private static final int SMALL = 256;

    private final String what;
    private final int most;
    private byte[] bytes = new byte[SMALL];
    private int length;

    /** At most so many bytes of what goes by a name. */
    Pending(String what, int most) {
        this.what = what;
        this.most = most;
    }

    /** Takes the bytes of a chunk from one place to another. */
    void add(byte[] chunk, int from, int to) {
        int added = to - from;
        if (length + (long) added > most) {
            throw new MalformedStreamException(what + " is longer than " + most + " bytes.");
        }
        if (length + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + added, (int) Math.min(most, bytes.length * 2L)));
        }
        System.arraycopy(chunk, from, bytes, length, added);
        length += added;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Whether there is nothing but white space as JSON has it. */
    boolean isBlank() {
        for (int at = 0; at < length; at++) {
            if (bytes[at] != ' ' && bytes[at] != '\n' && bytes[at] != '\r' && bytes[at] != '\t') {
                return false;
            }
        }
        return true;
    }

    /** What there is, of which nothing is left then. */
    byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, length);
        length = 0;
        return taken;
    }
}
