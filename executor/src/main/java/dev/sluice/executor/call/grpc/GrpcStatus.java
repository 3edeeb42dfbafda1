package dev.sluice.executor.call.grpc;

import org.jspecify.annotations.Nullable;

/** How calls end (gRPC, "Status codes"), in the order of their numbers, and what each is among the statuses of HTTP (google.rpc.Code). */
enum GrpcStatus {
    OK(200),
    CANCELLED(499),
    UNKNOWN(500),
    INVALID_ARGUMENT(400),
    DEADLINE_EXCEEDED(504),
    NOT_FOUND(404),
    ALREADY_EXISTS(409),
    PERMISSION_DENIED(403),
    RESOURCE_EXHAUSTED(429),
    FAILED_PRECONDITION(400),
    ABORTED(409),
    OUT_OF_RANGE(400),
    UNIMPLEMENTED(501),
    INTERNAL(500),
    UNAVAILABLE(503),
    DATA_LOSS(500),
    UNAUTHENTICATED(401);

    private static final GrpcStatus[] ALL = values();

    private final int http;

    GrpcStatus(int http) {
        this.http = http;
    }

    /** As a status of HTTP. */
    int http() {
        return http;
    }

    /** The status with a number, as it stands in a header; {@link #UNKNOWN} for one that there is not, null for what is no number. */
    static @Nullable GrpcStatus of(String number) {
        if (!number.matches("[0-9]{1,9}")) {
            return null;
        }
        int index = Integer.parseInt(number);
        return index < ALL.length ? ALL[index] : UNKNOWN;
    }
}
