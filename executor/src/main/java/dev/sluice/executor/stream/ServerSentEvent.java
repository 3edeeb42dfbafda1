package dev.sluice.executor.stream;

/**
 * An event of a stream (HTML Living Standard, "Server-sent events").
 *
 * @param type what it is called, {@code message} unless it says otherwise
 * @param data its lines, joined by line feeds
 * @param lastId the last id that the stream gave, empty before the first
 */
public record ServerSentEvent(String type, String data, String lastId) {}
