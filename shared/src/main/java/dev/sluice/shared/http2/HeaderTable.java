package dev.sluice.shared.http2;

import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/**
 * How much of the headers that were sent is remembered to compress later ones (RFC 7541, section 4.2). The peer says how much it
 * would remember, up to 4 GB, and Netty goes by it: each header that is unlike the others would stay for as long as the connection.
 */
public final class HeaderTable {

    private HeaderTable() {}

    /** No more than what is usual, whatever the peer has just said; on the connection's event loop. */
    public static void keepSmall(Http2FrameCodec codec) {
        Http2HeadersEncoder.Configuration headers =
                codec.encoder().configuration().headersConfiguration();
        if (headers.maxHeaderTableSize() > Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE) {
            try {
                headers.maxHeaderTableSize(Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE);
            } catch (Http2Exception e) {
                throw new IllegalStateException("the usual size is one", e);
            }
        }
    }
}
