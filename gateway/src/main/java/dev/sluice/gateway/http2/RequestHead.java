package dev.sluice.gateway.http2;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;

/**
 * Whether the headers of a stream are those of one request, which everybody reads alike (RFC 9113, sections 8.2 and 8.3), also
 * where it goes on as HTTP/1.1: what is a name or a value here would be lines there. The codec has seen to the order of pseudo
 * headers, and to the headers of a connection.
 */
final class RequestHead {

    private static final AsciiString HOST = HttpHeaderNames.HOST;
    private static final String CONNECT = "CONNECT";
    private static final String ANY = "*";

    /** Besides letters, digits and the hyphen (RFC 9110, section 5.6.2). */
    private static final String MARKS = "!#$%&'*+.^_`|~";

    private RequestHead() {}

    /** Whether a stream may begin with these; {@code Host} is gone then if there is an authority. */
    static boolean isProper(Http2Headers headers) {
        return isMethod(headers.method())
                && isTarget(headers.method(), headers.path())
                && isScheme(headers.scheme())
                && headers.status() == null
                && headers.get(Http2Headers.PseudoHeaderName.PROTOCOL.value()) == null
                && hasOneAuthority(headers)
                && areFields(headers);
    }

    /** Whether a stream may end with these (RFC 9113, section 8.1). */
    static boolean areTrailers(Http2Headers headers) {
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(field.getKey())) {
                return false;
            }
        }
        return areFields(headers);
    }

    /** Nobody is connected through (RFC 9110, section 9.3.6). */
    private static boolean isMethod(CharSequence method) {
        if (method == null || method.isEmpty() || CONNECT.contentEquals(method)) {
            return false;
        }
        for (int i = 0; i < method.length(); i++) {
            char character = method.charAt(i);
            if (!(character >= 'A' && character <= 'Z')
                    && !(character >= 'a' && character <= 'z')
                    && character != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isTarget(CharSequence method, CharSequence path) {
        if (path == null || path.isEmpty()) {
            return false;
        }
        return areVisible(path)
                && (path.charAt(0) == '/' || (ANY.contentEquals(path) && "OPTIONS".contentEquals(method)));
    }

    private static boolean isScheme(CharSequence scheme) {
        return scheme != null && ("http".contentEquals(scheme) || "https".contentEquals(scheme));
    }

    private static boolean hasOneAuthority(Http2Headers headers) {
        List<CharSequence> hosts = headers.getAll(HOST);
        CharSequence authority = headers.authority();
        if (authority == null) {
            return hosts.size() == 1 && isAuthority(hosts.getFirst());
        }
        boolean one = isAuthority(authority)
                && (hosts.isEmpty()
                        || (hosts.size() == 1 && AsciiString.contentEqualsIgnoreCase(authority, hosts.getFirst())));
        if (one && !hosts.isEmpty()) {
            headers.remove(HOST);
        }
        return one;
    }

    /** A host and a port; nobody's name is in front of it. */
    private static boolean isAuthority(CharSequence authority) {
        if (authority.isEmpty() || !areVisible(authority)) {
            return false;
        }
        for (int i = 0; i < authority.length(); i++) {
            if ("@/\\?#,".indexOf(authority.charAt(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean areVisible(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean areFields(Http2Headers headers) {
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (!isName(field.getKey()) || !isValue(field.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** A token in lower case (RFC 9113, section 8.2.1), or that behind a colon. */
    private static boolean isName(CharSequence name) {
        int begin = !name.isEmpty() && name.charAt(0) == ':' ? 1 : 0;
        for (int i = begin; i < name.length(); i++) {
            char character = name.charAt(i);
            boolean plain = (character >= 'a' && character <= 'z')
                    || character == '-'
                    || (character >= '0' && character <= '9');
            if (!plain && MARKS.indexOf(character) < 0) {
                return false;
            }
        }
        return name.length() > begin;
    }

    /** Nothing that ends a line, and no space around it (RFC 9113, section 8.2.1). */
    private static boolean isValue(CharSequence value) {
        int length = value.length();
        if (length > 0 && (isSpace(value.charAt(0)) || isSpace(value.charAt(length - 1)))) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char character = value.charAt(i);
            if ((character < ' ' && character != '\t') || character == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(char character) {
        return character == ' ' || character == '\t';
    }
}
