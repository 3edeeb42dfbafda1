package dev.sluice.shared.telemetry;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code traceparent} of W3C Trace Context (level 2, section 3.2). {@link #toString()} is the header's value.
 *
 * @param traceId 32 lower-case hex digits, not all zero; the same on every hop
 * @param spanId  16 lower-case hex digits, not all zero; one per hop (the header's parent-id)
 * @param flags   the trace flags, 0 to 255; bit 0 says that the caller samples
 */
public record TraceParent(String traceId, String spanId, int flags) {

    /** The header's name. */
    public static final String HEADER = "traceparent";

    private static final Pattern PREFIX = Pattern.compile("(?!ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int LENGTH = 55;
    private static final int SAMPLED = 1;

    /** Validates the three parts. */
    public TraceParent {
        if (!isId(traceId, 32) || !isId(spanId, 16) || (flags & ~0xFF) != 0) {
            throw new IllegalArgumentException("not a trace parent: " + traceId + '-' + spanId + '-' + flags);
        }
    }

    /** A new trace, sampled. */
    public static TraceParent create() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new TraceParent(hex(random.nextLong()) + nonZeroHex(random), nonZeroHex(random), SAMPLED);
    }

    /**
     * Reads a header's value; empty when it is absent or malformed, which by the specification means starting a new
     * trace. A version above 00 is read by its first four fields.
     */
    public static Optional<TraceParent> parse(@Nullable String value) {
        if (value == null || !wellFormed(value)) {
            return Optional.empty();
        }
        String traceId = value.substring(3, 35);
        String spanId = value.substring(36, 52);
        boolean valid = isId(traceId, 32) && isId(spanId, 16);
        return valid
                ? Optional.of(new TraceParent(traceId, spanId, HexFormat.fromHexDigits(value, 53, LENGTH)))
                : Optional.empty();
    }

    /** The same trace with a span of its own, as every hop sends it on. */
    public TraceParent child() {
        return new TraceParent(traceId, nonZeroHex(ThreadLocalRandom.current()), flags);
    }

    @Override
    public String toString() {
        return "00-" + traceId + '-' + spanId + '-' + HexFormat.of().toHexDigits((byte) flags);
    }

    private static boolean wellFormed(String value) {
        boolean first = value.startsWith("00-");
        boolean length = value.length() == LENGTH || (!first && value.length() > LENGTH && value.charAt(LENGTH) == '-');
        return length && PREFIX.matcher(value.substring(0, LENGTH)).matches();
    }

    /** So many lower-case hex digits, not all of them zero; a pattern would take ten times as long, and every hop makes two. */
    private static boolean isId(String text, int length) {
        boolean zero = true;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'))) {
                return false;
            }
            zero &= digit == '0';
        }
        return text.length() == length && !zero;
    }

    private static String nonZeroHex(ThreadLocalRandom random) {
        return hex(random.nextLong(1, Long.MAX_VALUE));
    }

    private static String hex(long value) {
        return HexFormat.of().toHexDigits(value);
    }
}
