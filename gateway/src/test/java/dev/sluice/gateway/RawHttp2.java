package dev.sluice.gateway;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A client of HTTP/2 without TLS that sends whatever frames it is told to, in whatever state, with Netty's HPACK and without a look
 * at what it writes. All methods block, up to their deadline. It acknowledges no settings and opens no window by itself.
 */
public final class RawHttp2 implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

    /** A frame from the server, with the status that is in its headers. */
    public record Frame(int type, int flags, int stream, ByteBuffer payload, String status) {

        /** Of RST_STREAM, at 0, and of GOAWAY, at 4, after the last stream. */
        public Http2Error error() {
            return Http2Error.valueOf(payload.getInt(type == GOAWAY ? 4 : 0));
        }

        /** Of GOAWAY. */
        public int lastStream() {
            return payload.getInt(0);
        }

        public boolean isEnd() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        public String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }
    }

    private RawHttp2(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) DEADLINE.toMillis());
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Connected, and nothing sent. */
    public static RawHttp2 silent(int port) throws IOException {
        return new RawHttp2(port);
    }

    /** Connected, with the preface and these settings sent, in pairs of id and value. */
    public static RawHttp2 connected(int port, int... settings) throws IOException {
        RawHttp2 client = new RawHttp2(port);
        client.remember(1 << 30);
        client.preface();
        ByteBuffer payload = ByteBuffer.allocate(settings.length / 2 * 6);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return client.frame(SETTINGS, 0, 0, payload.array());
    }

    /** However much the server may want it to. */
    private void remember(long bytes) throws IOException {
        try {
            decoder.configuration().maxHeaderTableSize(bytes);
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    @CanIgnoreReturnValue
    public RawHttp2 preface() throws IOException {
        ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
        bytes(ByteBufUtil.getBytes(preface));
        preface.release();
        return this;
    }

    @CanIgnoreReturnValue
    public RawHttp2 bytes(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    @CanIgnoreReturnValue
    public RawHttp2 frame(int type, int flags, int stream, byte... payload) throws IOException {
        return bytes(frameBytes(type, flags, stream, payload));
    }

    /** As many times, in one piece. */
    @CanIgnoreReturnValue
    public RawHttp2 frames(int count, int type, int flags, int stream, byte... payload) throws IOException {
        byte[] one = frameBytes(type, flags, stream, payload);
        ByteBuffer all = ByteBuffer.allocate(one.length * count);
        for (int i = 0; i < count; i++) {
            all.put(one);
        }
        return bytes(all.array());
    }

    private static byte[] frameBytes(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putShort((short) (payload.length >> 8))
                .put((byte) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A request without a body, with these headers besides. */
    @CanIgnoreReturnValue
    public RawHttp2 get(int stream, String path, String... headers) throws IOException {
        return request(stream, true, "GET", path, headers);
    }

    /** A request whose body follows. */
    @CanIgnoreReturnValue
    public RawHttp2 post(int stream, String path, String... headers) throws IOException {
        return request(stream, false, "POST", path, headers);
    }

    private RawHttp2 request(int stream, boolean end, String method, String path, String... headers)
            throws IOException {
        List<String> all = new ArrayList<>(
                List.of(":method", method, ":scheme", "http", ":authority", "localhost", ":path", path));
        all.addAll(List.of(headers));
        return headers(stream, end, all.toArray(String[]::new));
    }

    /** These and no others, in this order; nobody looks whether they are such. */
    @CanIgnoreReturnValue
    public RawHttp2 headers(int stream, boolean end, String... headers) throws IOException {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(headers));
    }

    /** Compressed. */
    public byte[] block(String... headers) throws IOException {
        // Netty sorts those it knows to the front: what is wrong with their order is to stay so.
        ByteBuf block = Unpooled.buffer();
        try {
            for (int i = 0; i < headers.length; i += 2) {
                Http2Headers one = new DefaultHttp2Headers(false).add(headers[i], headers[i + 1]);
                encoder.encodeHeaders(3, one, block);
            }
            return ByteBufUtil.getBytes(block);
        } catch (Http2Exception e) {
            throw new IOException(e);
        } finally {
            block.release();
        }
    }

    @CanIgnoreReturnValue
    public RawHttp2 data(int stream, boolean end, String text) throws IOException {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
    }

    @CanIgnoreReturnValue
    public RawHttp2 reset(int stream) throws IOException {
        return frame(RST_STREAM, 0, stream, word((int) Http2Error.CANCEL.code()));
    }

    private static byte[] word(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** Lets the server send so much more on a stream, or in all (0). */
    @CanIgnoreReturnValue
    public RawHttp2 open(int stream, int bytes) throws IOException {
        return frame(WINDOW_UPDATE, 0, stream, word(bytes));
    }

    /** The next frame that is one of these; others are dropped. Fails when the server closes the connection before. */
    @CanIgnoreReturnValue
    public Frame await(Predicate<Frame> wanted) throws IOException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < end) {
            Frame frame = next();
            if (wanted.test(frame)) {
                return frame;
            }
        }
        throw new AssertionError("no such frame came");
    }

    /** The next one of this type on a stream. */
    @CanIgnoreReturnValue
    public Frame await(int type, int stream) throws IOException {
        return await(frame -> frame.type() == type && frame.stream() == stream);
    }

    /** The status on a stream, whose other headers are dropped. */
    public String status(int stream) throws IOException {
        return await(HEADERS, stream).status();
    }

    /** All frames until the server closes the connection. */
    public List<Frame> untilClosed() {
        List<Frame> frames = new ArrayList<>();
        try {
            while (true) {
                frames.add(next());
            }
        } catch (EOFException | SocketException closed) {
            return frames;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Frame next() throws IOException {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        String status = type == HEADERS ? status(stream, payload) : "";
        return new Frame(type, flags, stream, ByteBuffer.wrap(payload), status);
    }

    /** Each list of headers is read, since the next ones refer to it (RFC 7541, section 2.2). */
    private String status(int stream, byte... block) throws IOException {
        ByteBuf bytes = Unpooled.wrappedBuffer(block);
        try {
            return String.valueOf(decoder.decodeHeaders(stream, bytes).status());
        } catch (Http2Exception e) {
            throw new IOException(e);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
