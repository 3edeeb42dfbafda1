package dev.sluice.gateway.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import reactor.netty.ConnectionObserver;

/** Tells by the TLS handshake what a connection's client chose to speak (RFC 7301), and goes. */
final class Negotiated extends ChannelInboundHandlerAdapter {

    static final String NAME = "sluice.negotiated";

    private final Http2Door door;
    private final ConnectionObserver observer;

    /** Of a connection. */
    Negotiated(Http2Door door, ConnectionObserver observer) {
        this.door = door;
        this.observer = observer;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            if (ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
                door.take(context, observer);
            }
            context.pipeline().remove(this);
        }
        context.fireUserEventTriggered(event);
    }
}
