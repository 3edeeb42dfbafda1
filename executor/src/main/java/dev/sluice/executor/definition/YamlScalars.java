package dev.sluice.executor.definition;

import dev.sluice.shared.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a plain scalar stands for in YAML 1.2's core schema (section 10.3.2). */
final class YamlScalars {

    private static final Pattern NULL = Pattern.compile("null|Null|NULL|~|");
    private static final Pattern TRUE = Pattern.compile("true|True|TRUE");
    private static final Pattern FALSE = Pattern.compile("false|False|FALSE");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,9})?");
    private static final Pattern NOT_IN_JSON = Pattern.compile("[-+]?(\\.inf|\\.Inf|\\.INF)|\\.nan|\\.NaN|\\.NAN");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private YamlScalars() {}

    /** The value, or null for a number that JSON does not have or that is longer than any JSON number may be. */
    static @Nullable JsonNode resolve(String text) {
        if (NULL.matcher(text).matches()) {
            return NODES.nullNode();
        }
        if (TRUE.matcher(text).matches() || FALSE.matcher(text).matches()) {
            return NODES.booleanNode(TRUE.matcher(text).matches());
        }
        if (OCTAL.matcher(text).matches()) {
            return whole(text.substring(2), 8);
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return whole(text.substring(2), 16);
        }
        if (DECIMAL.matcher(text).matches()) {
            return whole(text, 10);
        }
        if (FLOAT.matcher(text).matches()) {
            return text.length() > Json.MAX_NUMBER_LENGTH ? null : NODES.numberNode(new BigDecimal(text));
        }
        return NOT_IN_JSON.matcher(text).matches() ? null : NODES.stringNode(text);
    }

    private static @Nullable JsonNode whole(String digits, int radix) {
        if (digits.length() > Json.MAX_NUMBER_LENGTH) {
            return null;
        }
        BigInteger value = new BigInteger(digits, radix);
        if (value.bitLength() >= Long.SIZE) {
            return NODES.numberNode(value);
        }
        return value.bitLength() < Integer.SIZE
                ? NODES.numberNode(value.intValue())
                : NODES.numberNode(value.longValue());
    }
}
