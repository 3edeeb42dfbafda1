package dev.sluice.executor.call;

import java.util.Locale;

/** What a media type says about a body. */
public final class MediaTypes {

    private MediaTypes() {}

    /** Whether it is JSON, or a format that is written in it. */
    public static boolean json(String contentType) {
        String type = essence(contentType);
        return type.equals("application/json") || type.endsWith("+json");
    }

    static boolean text(String contentType) {
        String type = essence(contentType);
        return type.startsWith("text/") || type.equals("application/xml") || type.endsWith("+xml");
    }

    /** Whether it is a stream of server-sent events. */
    public static boolean eventStream(String contentType) {
        return essence(contentType).equals("text/event-stream");
    }

    private static String essence(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }
}
