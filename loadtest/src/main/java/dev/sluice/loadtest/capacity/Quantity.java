package dev.sluice.loadtest.capacity;

import java.time.Duration;
import java.util.Locale;

/** Figures as text. */
final class Quantity {

    private Quantity() {}

    static String rate(long count, double seconds) {
        return String.format(Locale.ROOT, "%.0f per second", count / Math.max(1e-3, seconds));
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    static String seconds(Duration time) {
        return seconds(time.toMillis() / 1e3);
    }

    static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.0f MB", bytes / 1048576.0);
    }

    static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }
}
