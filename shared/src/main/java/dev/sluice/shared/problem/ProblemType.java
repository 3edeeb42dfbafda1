package dev.sluice.shared.problem;

import static dev.sluice.shared.problem.ErrorCategory.CAPACITY;
import static dev.sluice.shared.problem.ErrorCategory.CLIENT;
import static dev.sluice.shared.problem.ErrorCategory.INTERNAL;
import static dev.sluice.shared.problem.ErrorCategory.UPSTREAM;

/** The stable {@code type} of every problem that leaves Sluice. A slug, once published, keeps its meaning. */
public enum ProblemType {
    INVALID_REQUEST("invalid-request", 400, CLIENT, "The request is not valid"),
    INVALID_DOCUMENT("invalid-document", 400, CLIENT, "The workflow document is not valid"),
    UNAUTHENTICATED("unauthenticated", 401, CLIENT, "It is not known who you are"),
    SECOND_FACTOR_REQUIRED("second-factor-required", 401, CLIENT, "A second factor is needed"),
    INVALID_SIGNATURE("invalid-signature", 401, CLIENT, "The signature does not match"),
    FORBIDDEN("forbidden", 403, CLIENT, "You may not do this"),
    NOT_FOUND("not-found", 404, CLIENT, "There is nothing here"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, CLIENT, "The method is not supported here"),
    NOT_ACCEPTABLE("not-acceptable", 406, CLIENT, "None of the accepted media types is available"),
    REQUEST_TIMEOUT("request-timeout", 408, CLIENT, "The request took too long to arrive"),
    CONFLICT("conflict", 409, CLIENT, "The request conflicts with what is there"),
    GONE("gone", 410, CLIENT, "There is nothing here any more"),
    PAYLOAD_TOO_LARGE("payload-too-large", 413, CLIENT, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, CLIENT, "The media type is not supported"),
    IDEMPOTENCY_MISMATCH("idempotency-mismatch", 422, CLIENT, "The idempotency key was used with another body"),
    RUN_FAULTED("run-faulted", 422, CLIENT, "The run ended with an error"),
    RUN_CANCELLED("run-cancelled", 422, CLIENT, "The run was cancelled"),
    RATE_LIMITED("rate-limited", 429, CAPACITY, "Too many requests"),
    QUOTA_EXCEEDED("quota-exceeded", 429, CAPACITY, "The quota is used up"),
    INTERNAL_ERROR("internal", 500, INTERNAL, "Something went wrong in Sluice"),
    NOT_IMPLEMENTED("not-implemented", 501, CLIENT, "This is not available yet"),
    BAD_GATEWAY("bad-gateway", 502, UPSTREAM, "The upstream did not answer properly"),
    UNAVAILABLE("unavailable", 503, CAPACITY, "Sluice cannot take this right now"),
    GATEWAY_TIMEOUT("gateway-timeout", 504, UPSTREAM, "The upstream took too long");

    private final String slug;
    private final int status;
    private final ErrorCategory category;
    private final String title;

    ProblemType(String slug, int status, ErrorCategory category, String title) {
        this.slug = slug;
        this.status = status;
        this.category = category;
        this.title = title;
    }

    /** The {@code type} member: a URN that never changes. */
    public String uri() {
        return "urn:sluice:problem:" + slug;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Who has to act. */
    public ErrorCategory category() {
        return category;
    }

    /** The {@code title} member, the same for all problems of the type. */
    public String title() {
        return title;
    }

    /** Whether the same request can succeed later without being changed. */
    public boolean retryable() {
        return category == CAPACITY || category == UPSTREAM;
    }
}
