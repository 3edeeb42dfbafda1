package dev.sluice.gateway.routing;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What goes over the wire behind a method: path and query (RFC 9112, section 3.2.1). */
final class Targets {

    private Targets() {}

    /** Those of a request's address, with what is not ASCII encoded. */
    static String of(URI uri) {
        return of(uri.getRawPath(), uri.getRawQuery());
    }

    static String of(String rawPath, @Nullable String rawQuery) {
        String target = rawQuery == null ? rawPath : rawPath + "?" + rawQuery;
        return isAscii(target) ? target : URI.create(target).toASCIIString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
