package dev.sluice.loadtest.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bodies made on demand: memory does not grow with their size, a slow reader makes the source wait. */
final class Content {

    private static final int SLICE = 8 * 1024;
    private static final byte[] PADDING = filled();
    private static final String OPENING = "{\"from\":\"upstream-simulator\",\"padding\":\"";
    private static final String CLOSING = "\"}";

    private Content() {}

    /** Size of {@link #body} in bytes for a wanted size. */
    static int length(int wanted) {
        return Math.max(wanted, OPENING.length() + CLOSING.length());
    }

    /** One JSON object of {@link #length} bytes. */
    static Flux<ByteBuf> body(int wanted) {
        int padding = length(wanted) - OPENING.length() - CLOSING.length();
        return Flux.concat(
                Mono.fromSupplier(() -> text(OPENING)), padding(padding), Mono.fromSupplier(() -> text(CLOSING)));
    }

    /** A stream's chunks: {@code {"chunk":n,"padding":"…"}} as a line or as an event's data. */
    static Flux<ByteBuf> chunks(Behaviour behaviour) {
        return Flux.range(0, behaviour.chunks()).concatMap(number -> chunk(number, behaviour), 1);
    }

    private static Mono<ByteBuf> chunk(int number, Behaviour behaviour) {
        Mono<ByteBuf> chunk = Mono.fromSupplier(() -> text(frame(number, behaviour)));
        return behaviour.interval().isZero()
                ? chunk
                : Mono.delay(behaviour.interval()).then(chunk);
    }

    private static String frame(int number, Behaviour behaviour) {
        String json = "{\"chunk\":" + number + ",\"padding\":\"" + "x".repeat(behaviour.bytes()) + "\"}";
        return switch (behaviour.form()) {
            case BODY, NDJSON -> json + "\n";
            case SSE -> "data: " + json + "\n\n";
        };
    }

    private static Flux<ByteBuf> padding(int length) {
        int slices = (length + SLICE - 1) / SLICE;
        return Flux.range(0, slices)
                .map(slice -> Unpooled.wrappedBuffer(PADDING, 0, Math.min(SLICE, length - slice * SLICE)));
    }

    private static ByteBuf text(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(US_ASCII));
    }

    private static byte[] filled() {
        byte[] padding = new byte[SLICE];
        Arrays.fill(padding, (byte) 'x');
        return padding;
    }
}
