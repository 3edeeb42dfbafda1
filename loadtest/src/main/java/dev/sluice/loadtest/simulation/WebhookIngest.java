package dev.sluice.loadtest.simulation;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.http.HttpDsl.http;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatling.javaapi.core.Session;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signed {@code generic-hmac} deliveries, each a new one; answered when durable. */
public final class WebhookIngest extends Recorded {

    private static final String PADDING = "x".repeat(300);

    private final SecretKeySpec key;

    /** Reads the system properties and sets the load up. */
    public WebhookIngest() {
        super(Settings.fromSystemProperties());
        key = new SecretKeySpec(settings().secret().getBytes(UTF_8), "HmacSHA256");
        load(
                this::sign,
                http("deliver")
                        .post(settings().hook())
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "#{delivery}")
                        .header("X-Signature-256", "sha256=#{signature}")
                        .body(StringBody(session -> session.getString("payload"))),
                202);
    }

    private Session sign(Session session) {
        String delivery = UUID.randomUUID().toString();
        String payload = "{\"id\":\"" + delivery + "\",\"kind\":\"order.created\",\"note\":\"" + PADDING + "\"}";
        return session.set("delivery", delivery).set("payload", payload).set("signature", hmac(payload));
    }

    private String hmac(String payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(payload.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }
}
