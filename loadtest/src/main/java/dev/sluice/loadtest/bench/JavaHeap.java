package dev.sluice.loadtest.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The heap of another process of the same user, asked by the JDK's {@code jcmd}. Blocks. */
public final class JavaHeap {

    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private JavaHeap() {}

    /** What is in use after a full collection, which stops the process for a moment; empty when it does not say. */
    public static OptionalLong liveBytes(long pid) {
        return jcmd(pid, "GC.run").contains("successfully") ? used(jcmd(pid, "GC.heap_info")) : OptionalLong.empty();
    }

    /** Of the whole heap, or the sum of its generations: what comes first, before the space of classes. */
    private static OptionalLong used(String info) {
        int classes = info.indexOf("Metaspace");
        long[] sizes = USED.matcher(classes < 0 ? info : info.substring(0, classes))
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)) * 1024)
                .toArray();
        return sizes.length == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Arrays.stream(sizes).sum());
    }

    private static String jcmd(long pid, String command) {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process = new ProcessBuilder(program, Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            // A process that is stopped never answers, and reading ends with jcmd.
            var ignored = process.onExit()
                    .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .exceptionally(late -> process.destroyForcibly());
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchFailure("jcmd cannot be started: " + e.getMessage() + ".", e);
        }
    }
}
