package dev.sluice.gateway.request;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Files of the class path, read once at start and served from memory. They hold no data. */
public final class StaticFile {

    private StaticFile() {}

    /**
     * Serves a file; reads it, so not to be called on an event loop.
     *
     * @param path   on the class path, from its root
     * @param policy what a browser lets the page do ({@code Content-Security-Policy})
     */
    public static HandlerFunction<ServerResponse> of(String path, String mediaType, String policy) {
        byte[] content = read(path);
        MediaType type = MediaType.parseMediaType(mediaType);
        return request -> ServerResponse.ok()
                .contentType(type)
                .header("Content-Security-Policy", policy)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-cache")
                .bodyValue(content);
    }

    /** All of a file; an {@link IllegalStateException} when it is not there. */
    public static byte[] read(String path) {
        try (InputStream file = StaticFile.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalStateException(path + " is not on the class path");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
