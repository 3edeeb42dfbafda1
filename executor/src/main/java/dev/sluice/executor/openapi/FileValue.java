package dev.sluice.executor.openapi;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.outbound.MediaTypes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
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
    private static final Pattern CHARSET = Pattern.compile("(?i); *charset *= *\"?([^\\s;\"]{1,40})");
    private static final Pattern TYPE =
            Pattern.compile("[!#$%&'+.^_`|~0-9A-Za-z-]+/[!#$%&'+.^_`|~0-9A-Za-z-]+" + "( *;[\\x20-\\x7E]{1,200})?");

    /**
     * What a value stands for.
     *
     * @param mediaType what it is unless it says so itself; of text, the charset that it is encoded in
     * @param what      it is, for messages
     * @throws ExpressionException when it is no such value
     */
    static FileValue of(JsonNode value, String mediaType, String what) {
        if (value.isObject()) {
            return described(value, mediaType, what);
        }
        boolean text = MediaTypes.text(mediaType);
        if (text ? value.isContainer() : !value.isString()) {
            throw new ExpressionException(
                    what + " must be " + (text ? "text" : "Base64") + ", or an object with 'text' or 'base64'");
        }
        return new FileValue(
                text ? encoded(value.asString(""), mediaType, what) : decoded(value.stringValue(), what), "", "");
    }

    private static FileValue described(JsonNode value, String mediaType, String what) {
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
                ? encoded(value.path(TEXT).stringValue(), contentType.isEmpty() ? mediaType : contentType, what)
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

    /** In the charset that its media type says, else whoever reads it sees other characters. */
    private static byte[] encoded(String text, String mediaType, String what) {
        Matcher named = CHARSET.matcher(mediaType);
        String charset = named.find() ? named.group(1) : StandardCharsets.UTF_8.name();
        try {
            ByteBuffer bytes = Charset.forName(charset).newEncoder().encode(CharBuffer.wrap(text));
            byte[] content = new byte[bytes.remaining()];
            bytes.get(content);
            return content;
        } catch (CharacterCodingException e) {
            throw new ExpressionException(what + " has characters that are not in " + charset);
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw new ExpressionException(what + " is to be encoded in " + charset + ", which is not available");
        }
    }
}
