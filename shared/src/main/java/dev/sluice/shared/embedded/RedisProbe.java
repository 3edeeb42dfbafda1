package dev.sluice.shared.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Asks a starting Redis whether it has loaded its data. */
final class RedisProbe {

    private static final int CONNECT_MILLIS = 500;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** A process that has only just forked has not written its number yet. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private RedisProbe() {}

    /** Blocks until the server answers PONG (true), or it is dead or the limit is over (false). */
    static boolean untilReady(int port, String password, Duration limit, BooleanSupplier alive) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < limit.toNanos()) {
            if (answers(port, password)) {
                return true;
            }
            if (System.nanoTime() - start > SETTLE_NANOS && !alive.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return false;
    }

    private static boolean answers(int port, String password) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), CONNECT_MILLIS);
            socket.setSoTimeout(CONNECT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write("AUTH %s\r\nPING\r\nQUIT\r\n".formatted(password).getBytes(StandardCharsets.UTF_8));
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.contains("+PONG");
        } catch (IOException e) {
            return false;
        }
    }
}
