package dev.sluice.gateway.ingress;

import java.util.Arrays;

/** Who sends to an endpoint, and how such a sender signs and names its deliveries. */
enum EndpointSource {
    /** GitHub's webhooks: signature over the raw body, delivery id and event name in headers. */
    GITHUB("github", "X-Hub-Signature-256", "X-GitHub-Delivery"),
    /** Any sender that signs the raw body with HMAC-SHA256; it may leave out the delivery id, and nothing is deduplicated. */
    GENERIC_HMAC("generic-hmac", "X-Signature-256", "Idempotency-Key");

    private final String id;
    private final String signatureHeader;
    private final String deliveryHeader;

    EndpointSource(String id, String signatureHeader, String deliveryHeader) {
        this.id = id;
        this.signatureHeader = signatureHeader;
        this.deliveryHeader = deliveryHeader;
    }

    /** The source of a stored name. */
    static EndpointSource of(String id) {
        return Arrays.stream(values())
                .filter(source -> source.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("source: " + id + " (expected: github, generic-hmac)"));
    }

    String id() {
        return id;
    }

    String signatureHeader() {
        return signatureHeader;
    }

    String deliveryHeader() {
        return deliveryHeader;
    }
}
