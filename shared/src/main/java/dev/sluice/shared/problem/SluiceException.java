package dev.sluice.shared.problem;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The one exception of Sluice. Foreign errors become one where they enter; {@link ProblemRenderer} turns it into
 * problem+json where it leaves. The detail is shown to callers, so it never holds a secret or a foreign message that
 * could hold one.
 */
public class SluiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final transient List<Violation> violations;
    private final transient Map<String, JsonNode> extensions;
    private final @Nullable Duration retryAfter;

    /** A problem with its detail. */
    public SluiceException(ProblemType type, String detail) {
        this(type, detail, List.of(), Map.of(), null, null);
    }

    /** A problem caused by a foreign error, which is logged but never shown. */
    public SluiceException(ProblemType type, String detail, Throwable cause) {
        this(type, detail, List.of(), Map.of(), null, cause);
    }

    /** All that is wrong with one input, at once. */
    public SluiceException(ProblemType type, String detail, List<Violation> violations) {
        this(type, detail, violations, Map.of(), null, null);
    }

    /**
     * The general form.
     *
     * @param extensions further members of the problem document
     * @param retryAfter how long a caller should wait, absent where waiting does not help
     */
    public SluiceException(
            ProblemType type,
            String detail,
            List<Violation> violations,
            Map<String, JsonNode> extensions,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(detail, cause, true, type.category() == ErrorCategory.INTERNAL);
        this.type = type;
        this.violations = List.copyOf(violations);
        this.extensions = Map.copyOf(extensions);
        this.retryAfter = retryAfter;
    }

    /** Capacity is used up or a dependency is away; the caller may come again after the given time. */
    public static SluiceException unavailable(String detail, Duration retryAfter, @Nullable Throwable cause) {
        return new SluiceException(ProblemType.UNAVAILABLE, detail, List.of(), Map.of(), retryAfter, cause);
    }

    /** The answer for what does not exist and for what belongs to another organization alike. */
    public static SluiceException notFound(String what) {
        return new SluiceException(ProblemType.NOT_FOUND, what + " does not exist.");
    }

    public ProblemType type() {
        return type;
    }

    public List<Violation> violations() {
        return violations;
    }

    public Map<String, JsonNode> extensions() {
        return extensions;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
