package dev.sluice.executor.call;

import java.util.Locale;

/** What a media type says about a body. */
final class MediaTypes {

    private MediaTypes() {}

    static boolean json(String contentType) {
        String type = essence(contentType);
        return type.equals("application/json") || type.endsWith("+json");
    }

    static boolean text(String contentType) {
        String type = essence(contentType);
        return type.startsWith("text/") || type.equals("application/xml") || type.endsWith("+xml");
    }

    private static String essence(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }
}
