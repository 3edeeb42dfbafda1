package dev.sluice.shared.export;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts the lines of an export by kind, and hashes them, as they pass in parts of whatever size. Lines of kind {@value #PART},
 * which end what a service has to give, are remembered: up to {@value #MAX_PART} bytes. For one export; not thread-safe.
 */
public final class ExportMeter {

    /** The last line of what another service gave. */
    public static final String PART = "part";

    /** The last line of all. */
    public static final String MANIFEST = "manifest";

    private static final byte[] BEGIN = "{\"kind\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_NAME = 40;
    private static final int MAX_PART = 64 * 1024;

    private final SortedMap<String, Long> counts = new TreeMap<>();
    private final MessageDigest digest = sha256();
    private final StringBuilder kind = new StringBuilder();
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private int column;
    private boolean named;
    private @Nullable String last;

    /** Takes some bytes of it in; {@code BAD_GATEWAY} when they are no lines of an export. */
    public void accept(byte[] bytes) {
        digest.update(bytes);
        for (byte next : bytes) {
            if (next == '\n') {
                endLine();
            } else if (!named) {
                begin(next);
            } else if (PART.contentEquals(kind)) {
                keep(next);
            }
        }
    }

    /** Whether the last line is of a kind, and is whole. */
    public boolean endsWith(String name) {
        return column == 0 && name.equals(last);
    }

    /** The last line of kind {@value #PART}; empty when there was none. */
    public Optional<JsonNode> part() {
        return part.size() == 0 ? Optional.empty() : Optional.of(Json.read(part.toByteArray()));
    }

    /** A last line about all lines so far. */
    public byte[] close(String name, ObjectNode about) {
        ObjectNode line = Json.object();
        line.put("kind", name);
        line.setAll(about);
        line.put("lines", counts.values().stream().mapToLong(Long::longValue).sum());
        ObjectNode kinds = line.putObject("kinds");
        counts.forEach(kinds::put);
        line.put("sha256", HexFormat.of().formatHex(digest.digest()));
        return (Json.text(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void begin(byte next) {
        if (column < BEGIN.length) {
            if (next != BEGIN[column]) {
                throw improper();
            }
        } else if (next == '"') {
            named = true;
            if (PART.contentEquals(kind)) {
                part.reset();
                part.writeBytes(BEGIN);
                part.writeBytes((PART + "\"").getBytes(StandardCharsets.US_ASCII));
            }
        } else if (kind.length() == MAX_NAME) {
            throw improper();
        } else {
            kind.append((char) next);
        }
        column++;
    }

    private void keep(byte next) {
        if (part.size() == MAX_PART) {
            throw improper();
        }
        part.write(next);
    }

    private void endLine() {
        if (!named) {
            throw improper();
        }
        last = kind.toString();
        counts.merge(last, 1L, Long::sum);
        kind.setLength(0);
        column = 0;
        named = false;
    }

    private static SluiceException improper() {
        return new SluiceException(ProblemType.BAD_GATEWAY, "What was to be exported are no lines of an export.");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
