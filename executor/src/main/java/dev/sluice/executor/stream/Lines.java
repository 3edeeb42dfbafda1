package dev.sluice.executor.stream;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts bytes in UTF-8 into lines, which end with CR LF, LF or CR. Holds one line. Used by one thread at a time. */
final class Lines {

    private static final char BOM = '\uFEFF';

    private final Pending line;
    private final CodingErrorAction malformed;
    private boolean afterReturn;
    private boolean first = true;

    /**
     * Lines of at most so many bytes.
     *
     * @param malformed what becomes of bytes that are no UTF-8
     */
    Lines(int longest, CodingErrorAction malformed) {
        this.line = new Pending("A line", longest);
        this.malformed = malformed;
    }

    /** Hands out the lines that these bytes complete. */
    void feed(byte[] bytes, Consumer<String> lines) {
        int start = 0;
        for (int at = 0; at < bytes.length; at++) {
            byte next = bytes[at];
            boolean second = afterReturn && next == '\n';
            afterReturn = next == '\r';
            if (second) {
                start = at + 1;
            } else if (next == '\n' || next == '\r') {
                line.add(bytes, start, at);
                lines.accept(take());
                start = at + 1;
            }
        }
        line.add(bytes, start, bytes.length);
    }

    /** Hands out a last line that has no end, if there is one. */
    void end(Consumer<String> lines) {
        if (!line.isEmpty()) {
            lines.accept(take());
        }
    }

    private String take() {
        String text = decode(line.take());
        boolean marked = first && !text.isEmpty() && text.charAt(0) == BOM;
        first = false;
        return marked ? text.substring(1) : text;
    }

    private String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(malformed)
                    .onUnmappableCharacter(malformed)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedStreamException("A line is not UTF-8.");
        }
    }
}
