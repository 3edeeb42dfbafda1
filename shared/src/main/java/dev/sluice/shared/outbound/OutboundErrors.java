package dev.sluice.shared.outbound;

import dev.sluice.shared.outbound.OutboundException.Kind;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;

/** The errors of Netty and Reactor Netty, translated once. */
final class OutboundErrors {

    private static final int TOO_BIG = WebSocketCloseStatus.MESSAGE_TOO_BIG.code();

    /** What a server says of a client's certificate, or of there being none (RFC 8446, section 6.2). */
    private static final Set<String> IDENTITY_ALERTS = Set.of(
            "access_denied",
            "bad_certificate",
            "certificate_expired",
            "certificate_required",
            "certificate_revoked",
            "certificate_unknown",
            "unknown_ca",
            "unsupported_certificate");

    private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

    private OutboundErrors() {}

    /** The typed error; {@code sent} says whether the request had been handed to a connection. */
    static OutboundException translate(Throwable error, boolean sent) {
        return switch (error) {
            case OutboundException outbound -> outbound;
            case PoolAcquirePendingLimitException full -> capacity(full);
            case TimeoutException late ->
                new OutboundException(Kind.TIMEOUT, sent, "The response was not complete in time.", late);
            case Unprocessed refused -> connect("The upstream takes no requests at the moment.", refused);
            case UnknownHostException unknown ->
                new OutboundException(Kind.UNRESOLVED, false, "The host name has no address.", unknown);
            case SSLException tls -> sent ? lost(tls) : connect("The TLS handshake failed.", tls);
            case TooLongFrameException headers ->
                new OutboundException(Kind.TOO_LARGE, sent, "The response's headers are too large.", headers);
            case CorruptedWebSocketFrameException frame
            when frame.closeStatus().code() == TOO_BIG ->
                new OutboundException(Kind.TOO_LARGE, sent, "A message is longer than allowed.", frame);
            case DecoderException broken when sent && broken.getCause() instanceof SSLException -> lost(broken);
            case DecoderException garbage -> malformed(garbage, sent);
            case IllegalArgumentException garbage -> malformed(garbage, sent);
            default -> sent ? lost(error) : connect("No connection could be made.", error);
        };
    }

    /**
     * Whether a server refuses who connects. In TLS 1.3 that comes after the client's own handshake is over, and what was sent by then
     * was not processed, unless the server has answered something over the same connection.
     */
    static boolean isIdentity(Throwable error) {
        return IDENTITY_ALERTS.contains(alert(error));
    }

    /** The typed error of what {@link #isIdentity} is. */
    static OutboundException identity(Throwable error, OutboundRequest request) {
        String message = request.certificate() == null
                ? "The server wants a client certificate."
                : "The server did not accept the client certificate (" + alert(error) + ").";
        return new OutboundException(Kind.IDENTITY, false, message, error);
    }

    private static String alert(Throwable error) {
        Throwable cause = error instanceof DecoderException ? error.getCause() : error;
        if (cause instanceof SSLException tls && tls.getMessage() != null) {
            Matcher alert = ALERT.matcher(tls.getMessage());
            return alert.find() ? alert.group(1) : "";
        }
        return "";
    }

    private static OutboundException malformed(Exception error, boolean sent) {
        // A DecoderException before anything was sent is a TLS handshake that failed.
        return sent
                ? new OutboundException(Kind.MALFORMED, true, "The response is not HTTP.", error)
                : connect("No connection could be made.", error);
    }

    private static OutboundException lost(Throwable error) {
        return new OutboundException(Kind.RESET, true, "The connection was lost.", error);
    }

    private static OutboundException connect(String message, Throwable error) {
        return new OutboundException(Kind.CONNECT, false, message, error);
    }

    private static OutboundException capacity(Throwable error) {
        return new OutboundException(Kind.CAPACITY, false, "All outgoing connections are in use.", error);
    }
}
