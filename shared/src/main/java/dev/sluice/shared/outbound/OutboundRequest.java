package dev.sluice.shared.outbound;

import io.netty.util.NetUtil;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to the outside, valid once it is made.
 *
 * @param method           an HTTP token in any case, not CONNECT
 * @param uri              absolute, http or https, without user-info; a fragment is not sent
 * @param headers          names are HTTP tokens, values have no control characters; none that frames the message or
 *                         belongs to the connection (those are set by the client)
 * @param body             the whole body, absent for none; not copied: do not change it afterwards
 * @param timeout          for everything from waiting for a connection to the last byte of the body; positive
 * @param maxResponseBytes the most body bytes to accept, 0 or more
 * @param protocol         what is spoken
 * @param certificate      what is shown where the connection is made, absent for nothing; over https alone
 */
@SuppressWarnings("ArrayRecordComponent") // a body may have megabytes; requests are never compared
public record OutboundRequest(
        String method,
        URI uri,
        Map<String, String> headers,
        byte @Nullable [] body,
        Duration timeout,
        int maxResponseBytes,
        OutboundProtocol protocol,
        @Nullable ClientCertificate certificate) {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7E\\x80-\\xFF]*");
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?i)([^\\[]*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");
    private static final Set<String> RESERVED = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /**
     * Validates everything.
     *
     * @throws IllegalArgumentException with a message that may be shown to whoever wrote the request
     */
    @SuppressWarnings("CanonicalConstructorCanBeCompact") // a compact one loses the annotation of the array's type
    public OutboundRequest(
            String method,
            URI uri,
            Map<String, String> headers,
            byte @Nullable [] body,
            Duration timeout,
            int maxResponseBytes,
            OutboundProtocol protocol,
            @Nullable ClientCertificate certificate) {
        this.method = method.toUpperCase(Locale.ROOT);
        this.uri = uri;
        this.headers = Map.copyOf(headers);
        this.body = body;
        this.timeout = timeout;
        this.maxResponseBytes = maxResponseBytes;
        this.protocol = protocol;
        this.certificate = certificate;
        require(TOKEN.matcher(method).matches() && !"CONNECT".equals(this.method), "method", "an HTTP method");
        requireAddress(uri);
        require(certificate == null || secure(uri), "uri", "https, where a client certificate is to be shown");
        require(timeout.isPositive(), "timeout", "> 0");
        require(maxResponseBytes >= 0, "maxResponseBytes", ">= 0");
        headers.forEach(OutboundRequest::requireHeader);
    }

    /** One that shows no certificate. */
    public OutboundRequest(
            String method,
            URI uri,
            Map<String, String> headers,
            byte @Nullable [] body,
            Duration timeout,
            int maxResponseBytes,
            OutboundProtocol protocol) {
        this(method, uri, headers, body, timeout, maxResponseBytes, protocol, null);
    }

    /** One for whatever is spoken there. */
    public OutboundRequest(
            String method,
            URI uri,
            Map<String, String> headers,
            byte @Nullable [] body,
            Duration timeout,
            int maxResponseBytes) {
        this(method, uri, headers, body, timeout, maxResponseBytes, OutboundProtocol.AUTO);
    }

    /** The same with one value of a header, whatever it had before. */
    public OutboundRequest withHeader(String name, String value) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(headers);
        all.put(name, value);
        return new OutboundRequest(method, uri, all, body, timeout, maxResponseBytes, protocol, certificate);
    }

    /** The same to another address. */
    public OutboundRequest withUri(URI other) {
        return new OutboundRequest(method, other, headers, body, timeout, maxResponseBytes, protocol, certificate);
    }

    /** The same by whoever has a certificate. */
    public OutboundRequest showing(ClientCertificate shown) {
        return new OutboundRequest(method, uri, headers, body, timeout, maxResponseBytes, protocol, shown);
    }

    private static boolean secure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    private static void requireAddress(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        require("http".equals(scheme) || "https".equals(scheme), "uri", "an absolute http or https address");
        require(uri.getRawUserInfo() == null, "uri", "no user information in the address");
        require(uri.getHost() != null && !oddNumber(uri.getHost()), "uri", "a host name or a canonical IP address");
        require(uri.getPort() != 0 && uri.getPort() <= 65535, "uri", "a port from 1 to 65535");
    }

    /**
     * Whether a host ends in a number without being a dotted quad ({@code 2130706433}, {@code 0x7f.1}, {@code 0177.0.0.1}):
     * resolvers disagree on what that is.
     */
    private static boolean oddNumber(String host) {
        return ENDS_IN_NUMBER.matcher(host).matches() && !NetUtil.isValidIpV4Address(host);
    }

    private static void requireHeader(String name, String value) {
        require(TOKEN.matcher(name).matches(), "header name", "an HTTP token");
        require(!RESERVED.contains(name.toLowerCase(Locale.ROOT)), "header " + name, "not to be set by a caller");
        require(
                VALUE.matcher(value).matches(),
                "header " + name,
                "a value of Latin-1 characters without control characters");
    }

    private static void require(boolean condition, String what, String expected) {
        if (!condition) {
            throw new IllegalArgumentException(what + " is not valid (expected: " + expected + ")");
        }
    }
}
