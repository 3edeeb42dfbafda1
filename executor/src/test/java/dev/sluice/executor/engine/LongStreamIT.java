package dev.sluice.executor.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.web.KeepReading;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Two gigabytes through the tasks of a workflow, in a process that has an eighth of that in all. */
final class LongStreamIT {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int ELEMENTS = 1 << 17;
    private static final int SIZE = 1 << 14;

    @Test
    void takesAsMuchMemoryAsAShortOne() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] element = ("{\"text\":\"" + "x".repeat(SIZE) + "\"}\n").getBytes(US_ASCII);
        DisposableServer server = KeepReading.on(HttpServer.create())
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.send(Flux.range(0, ELEMENTS)
                        .doOnNext(number -> sent.addAndGet(element.length))
                        .map(number -> Unpooled.wrappedBuffer(element))))
                .bindNow(DEADLINE);
        try {
            String output = reading("http://127.0.0.1:" + server.port() + "/", "ndjson");
            assertThat(output).startsWith(ELEMENTS + " elements, ");
            assertThat(sent.get()).isGreaterThan(2L << 30);
        } finally {
            server.disposeNow(DEADLINE);
        }
    }

    private static String reading(String address, String format) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LongStream.class.getName(),
                        address,
                        format)
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output.lines().toList().getLast();
        } finally {
            process.destroyForcibly();
        }
    }
}
