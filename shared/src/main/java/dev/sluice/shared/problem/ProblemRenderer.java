package dev.sluice.shared.problem;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns a {@link SluiceException} into the bytes of an {@code application/problem+json} document (RFC 9457). */
public final class ProblemRenderer {

    /** The media type of every error. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private ProblemRenderer() {}

    /** The document; {@code requestId} is given so that a person can name the request to an operator. */
    public static ObjectNode document(SluiceException problem, @Nullable String requestId) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("type", problem.type().uri());
        document.put("title", problem.type().title());
        document.put("status", problem.type().status());
        document.put("detail", problem.getMessage());
        if (requestId != null) {
            document.put("requestId", requestId);
        }
        if (!problem.violations().isEmpty()) {
            var errors = document.putArray("errors");
            problem.violations().forEach(violation -> errors.add(violation(violation)));
        }
        problem.extensions().forEach(document::set);
        return document;
    }

    /** Whole seconds for {@code Retry-After}, at least one, absent where waiting does not help. */
    public static @Nullable Long retryAfterSeconds(SluiceException problem) {
        Duration after = problem.retryAfter();
        return after == null ? null : Math.max(1, (after.toMillis() + 999) / 1000);
    }

    private static ObjectNode violation(Violation violation) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("pointer", violation.pointer());
        if (violation.line() != null) {
            node.put("line", violation.line());
            node.put("column", violation.column());
        }
        node.put("detail", violation.detail());
        return node;
    }
}
