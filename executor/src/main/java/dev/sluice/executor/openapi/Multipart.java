package dev.sluice.executor.openapi;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.id.Ids;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A body of several parts (RFC 7578): at most {@value #MOST_PARTS}, whose names and file names have at most {@value #LONGEST_NAME}
 * characters. What its bytes are depends on nothing but the parts and a key, so that a call that is repeated sends the same. Not
 * thread-safe while parts are added.
 */
public final class Multipart {

    private static final int MOST_PARTS = 1_000;
    private static final int LONGEST_NAME = 1_000;
    private static final int MOST_TRIES = 10;
    private static final int BOUNDARY_BYTES = 20;

    private final String mediaType;
    private final List<byte[]> heads = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();

    /** Without parts yet. */
    Multipart(String mediaType) {
        this.mediaType = mediaType;
    }

    /** One more part; without a file name when that is empty. */
    void add(String name, String filename, String contentType, Map<String, String> headers, byte[] content) {
        if (heads.size() == MOST_PARTS) {
            throw new ExpressionException("The body has more than " + MOST_PARTS + " parts");
        }
        StringBuilder head = new StringBuilder("Content-Disposition: form-data; name=\"" + quoted(name) + '"');
        if (!filename.isEmpty()) {
            head.append("; filename=\"").append(quoted(filename)).append('"');
        }
        head.append("\r\nContent-Type: ").append(contentType).append("\r\n");
        headers.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(header -> head.append(header.getKey())
                        .append(": ")
                        .append(header.getValue())
                        .append("\r\n"));
        heads.add(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        contents.add(content);
    }

    /**
     * What is between the parts, and in none of them. It is made of the key, not of the parts: it is shown where those are not.
     *
     * @param key of this call, which those who wrote the parts do not know
     */
    public String boundary(String key) {
        for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
            byte[] hash = Ids.sha256().digest(("boundary " + attempt + ' ' + key).getBytes(StandardCharsets.UTF_8));
            String boundary = HexFormat.of().formatHex(hash, 0, BOUNDARY_BYTES);
            byte[] bytes = boundary.getBytes(StandardCharsets.US_ASCII);
            if (Stream.concat(heads.stream(), contents.stream()).noneMatch(text -> contains(text, bytes))) {
                return boundary;
            }
        }
        throw new ExpressionException("The body has all boundaries in it that there could be between its parts");
    }

    /** The media type of the whole. */
    public String contentType(String boundary) {
        return mediaType + "; boundary=" + boundary;
    }

    /** All parts. */
    public byte[] bytes(String boundary) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int index = 0; index < heads.size(); index++) {
            bytes.writeBytes(("--" + boundary + "\r\n").getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(heads.get(index));
            bytes.writeBytes(contents.get(index));
            bytes.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        bytes.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    /** As browsers do (HTML, "multipart/form-data encoding algorithm"): what would end the name or the line is percent-encoded. */
    private static String quoted(String name) {
        if (name.length() > LONGEST_NAME) {
            throw new ExpressionException("The name of a part has more than " + LONGEST_NAME + " characters");
        }
        StringBuilder quoted = new StringBuilder();
        for (int index = 0; index < name.length(); index++) {
            char character = name.charAt(index);
            boolean harmless = character != '"' && !Character.isISOControl(character);
            quoted.append(harmless ? String.valueOf(character) : String.format("%%%02X", (int) character));
        }
        return quoted.toString();
    }

    private static boolean contains(byte[] text, byte[] wanted) {
        for (int start = 0; start <= text.length - wanted.length; start++) {
            int matched = 0;
            while (matched < wanted.length && text[start + matched] == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
