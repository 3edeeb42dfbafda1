package dev.sluice.shared.outbound;

import java.util.Locale;

/** What a media type (RFC 9110, section 8.3.1) says about a body. Parameters and case do not matter. */
public final class MediaTypes {

    private MediaTypes() {}

    /** Whether it is JSON, or a format that is written in it. */
    public static boolean json(String contentType) {
        String type = essence(contentType);
        return type.equals("application/json") || type.endsWith("+json");
    }

    /** Whether it is text that people may read; JSON is not. */
    public static boolean text(String contentType) {
        String type = essence(contentType);
        return type.startsWith("text/") || type.equals("application/xml") || type.endsWith("+xml");
    }

    /** Whether it is a stream of server-sent events. */
    public static boolean eventStream(String contentType) {
        return essence(contentType).equals("text/event-stream");
    }

    /** Type and subtype in lower case, without parameters. */
    public static String essence(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }
}
