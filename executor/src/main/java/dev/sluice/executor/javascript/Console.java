package dev.sluice.executor.javascript;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a script has written to one of its outputs: what is beyond the bound ends it. */
final class Console {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final int most;

    /** With room for so many bytes. */
    Console(int most) {
        this.most = most;
    }

    /** Whether there is room for so many bytes more; if not, the script ends. */
    void reserve(long bytes) {
        if (bytes > most - written.size()) {
            throw new Stop(new Outcome.Stopped(Outcome.Reason.OUTPUT));
        }
    }

    void write(byte[] bytes) {
        written.writeBytes(bytes);
    }

    String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
