package dev.sluice.executor.asyncapi;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is spoken on a channel. */
public enum Protocol {
    /** Messages are requests; those of a subscription are the server-sent events of one response. */
    HTTP("http"),
    /** One message a frame. */
    WS("ws"),
    /** Publish and subscribe; nothing is kept for those who are not there. */
    REDIS("redis");

    /** All that the specification knows (DSL reference, "AsyncAPI Call"). */
    public static final List<String> KNOWN = List.of(
            "amqp",
            "amqp1",
            "anypointmq",
            "googlepubsub",
            "http",
            "ibmmq",
            "jms",
            "kafka",
            "mercure",
            "mqtt",
            "mqtt5",
            "nats",
            "pulsar",
            "redis",
            "sns",
            "solace",
            "sqs",
            "stomp",
            "ws");

    private final String word;

    Protocol(String word) {
        this.word = word;
    }

    /** The specification's word for it. */
    public String word() {
        return word;
    }

    /** The scheme of addresses. */
    String scheme(boolean secure) {
        return secure ? word + 's' : word;
    }

    /** By the word of a server, which may say that there is TLS; null for what is not available. */
    public static @Nullable Protocol of(String named) {
        return switch (named.toLowerCase(Locale.ROOT)) {
            case "http", "https", "sse" -> HTTP;
            case "ws", "wss" -> WS;
            case "redis", "rediss", "redis-secure" -> REDIS;
            default -> null;
        };
    }

    /** Whether a server's word for it, or the scheme of its address, says that there is TLS. */
    static boolean isSecure(String named) {
        return switch (named.toLowerCase(Locale.ROOT)) {
            case "https", "wss", "rediss", "redis-secure" -> true;
            default -> false;
        };
    }

    /** Those that are available, for an author. */
    public static String available() {
        return "http, redis and ws";
    }
}
