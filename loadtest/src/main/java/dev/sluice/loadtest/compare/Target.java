package dev.sluice.loadtest.compare;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Where a workload is sent, and how it is driven. */
sealed interface Target {

    /**
     * A POST for each workflow, by the driver that all peers share.
     *
     * @param expected what the answer has to contain
     */
    record Http(URI uri, Map<String, String> headers, String body, String expected) implements Target {

        public Http {
            headers = Map.copyOf(headers);
        }

        /** Without the headers: one is a key. */
        @Override
        public String toString() {
            return "Http[uri=%s]".formatted(uri);
        }
    }

    /**
     * A POST that starts a workflow and answers with its id; then its end is asked for, at once and at intervals, for an
     * engine that does not answer when a workflow has ended.
     *
     * @param start      what the answer that tells the end has to contain is its {@code expected}
     * @param status     of a workflow by its id
     * @param interval   between an answer that tells no end and the next question
     * @param unfinished what an answer contains while the workflow runs
     */
    record Polled(Http start, UnaryOperator<String> status, Duration interval, String unfinished) implements Target {}

    /**
     * The peer starts its workflows itself, without HTTP between load and engine, and answers with the figures.
     *
     * @param uri takes {@code inFlight} and {@code millis} and answers with {@link Figures} as JSON
     */
    record InProcess(URI uri) implements Target {}
}
