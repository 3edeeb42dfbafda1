package dev.sluice.executor.openapi;

import dev.sluice.executor.expression.ExpressionException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Content that JSON has no type for, as workflows give it. It is the reverse of how they get it: text of a media type that is
 * text, Base64 of any other; or an object that says which of the two it is, as {@code text} or {@code base64}, and maybe {@code
 * filename} and {@code contentType}.
 *
 * @param filename    empty for none
 * @param contentType empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // a file may have megabytes; they are never compared
record FileValue(byte[] content, String filename, String contentType) {

    private static final String TEXT = "text";
    private static final String BASE64 = "base64";
    private static final String FILENAME = "filename";
    private static final String CONTENT_TYPE = "contentType";
    private static final Set<String> MEMBERS = Set.of(TEXT, BASE64, FILENAME, CONTENT_TYPE);
    private static final Pattern TYPE =
            Pattern.compile("[!#$%&'+.^_`|~0-9A-Za-z-]+/[!#$%&'+.^_`|~0-9A-Za-z-]+" + "( *;[\\x20-\\x7E]{1,200})?");

    /**
     * What a value stands for.
     *
     * @param text whether it is of a media type that is text
     * @param what it is, for messages
     * @throws ExpressionException when it is no such value
     */
    static FileValue of(JsonNode value, boolean text, String what) {
        if (value.isObject()) {
            return described(value, what);
        }
        if (text ? value.isContainer() : !value.isString()) {
            throw new ExpressionException(
                    what + " must be " + (text ? "text" : "Base64") + ", or an object with 'text' or 'base64'");
        }
        return new FileValue(text ? bytes(value.asString("")) : decoded(value.stringValue(), what), "", "");
    }

    private static FileValue described(JsonNode value, String what) {
        for (var member : value.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                throw new ExpressionException(what + " has '" + member.getKey()
                        + "'; there are only 'text' or 'base64', 'filename' and 'contentType'");
            }
            if (!member.getValue().isString()) {
                throw new ExpressionException("'" + member.getKey() + "' of " + what + " is not a string");
            }
        }
        if (value.has(TEXT) == value.has(BASE64)) {
            throw new ExpressionException(what + " needs either 'text' or 'base64'");
        }
        String contentType = value.path(CONTENT_TYPE).asString("");
        if (value.has(CONTENT_TYPE) && !TYPE.matcher(contentType).matches()) {
            throw new ExpressionException("'contentType' of " + what + " is not a media type");
        }
        byte[] content = value.has(TEXT)
                ? bytes(value.path(TEXT).stringValue())
                : decoded(value.path(BASE64).stringValue(), what);
        return new FileValue(content, value.path(FILENAME).asString(""), contentType);
    }

    private static byte[] decoded(String base64, String what) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ExpressionException(what + " is not Base64; what is text can be given as { text: … }");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
