package dev.sluice.executor.engine;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Values by which events and runs find each other. They are compared as text, so that the number 17 is also the text "17":
 * systems disagree on how they write an identifier.
 */
public final class Keys {

    private static final int LONGEST = 100;

    private Keys() {}

    /** Whether an event's value is the one that is expected. */
    static boolean same(JsonNode expected, JsonNode value) {
        return text(expected).equals(text(value));
    }

    /** One key for several values, in their order; equal for equal values and, but for a collision of SHA-256, only for those. */
    public static UUID of(List<JsonNode> values) {
        MessageDigest digest = Ids.sha256();
        for (JsonNode value : values) {
            byte[] bytes = text(value).getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static String text(JsonNode value) {
        if (value.isString()) {
            return value.stringValue();
        }
        return value.isNumber() ? text(value.decimalValue().stripTrailingZeros()) : Json.text(value);
    }

    /** In full as far as an identifier would be; what stands for a billion digits keeps its exponent. */
    private static String text(BigDecimal number) {
        return Math.abs((long) number.scale()) <= LONGEST ? number.toPlainString() : number.toString();
    }
}
