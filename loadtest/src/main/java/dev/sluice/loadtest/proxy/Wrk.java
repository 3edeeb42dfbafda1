package dev.sluice.loadtest.proxy;

import dev.sluice.loadtest.compare.CompareFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends requests with wrk, which takes little of the machine that it shares with what it measures.
 *
 * @param script that prints what was measured
 */
record Wrk(Path script, int connections) {

    private static final Pattern MEASURED = Pattern.compile("measured (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)");
    private static final int GRACE_SECONDS = 20;

    /** As many as go through; blocks. */
    Measured all(Contender contender, int seconds) {
        return run(contender, seconds, 0);
    }

    /** About so many a second, each connection pausing for a random while in between; blocks. */
    Measured paced(Contender contender, int seconds, double perSecond, double answerMillis) {
        double pause = Math.max(1, connections * 1000.0 / perSecond - answerMillis);
        return run(contender, seconds, pause);
    }

    private Measured run(Contender contender, int seconds, double pauseMillis) {
        long cpu = contender.processes().cpuMillis();
        Matcher measured = MEASURED.matcher(output(contender, seconds, pauseMillis));
        if (!measured.find()) {
            throw new CompareFailure("wrk measured nothing of " + contender.title() + ".");
        }
        double requests = Long.parseLong(measured.group(1));
        return new Measured(
                requests * 1e6 / Long.parseLong(measured.group(2)),
                Long.parseLong(measured.group(3)) + Long.parseLong(measured.group(4)),
                Long.parseLong(measured.group(5)) / 1e3,
                Long.parseLong(measured.group(6)) / 1e3,
                (contender.processes().cpuMillis() - cpu) * 1e3 / Math.max(1, requests));
    }

    private String output(Contender contender, int seconds, double pauseMillis) {
        List<String> command = new ArrayList<>(
                List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--latency", "-s", script.toString()));
        contender.headers().forEach(header -> command.addAll(List.of("-H", header)));
        command.add(contender.target().toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PAUSE_MILLIS", Double.toString(pauseMillis));
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return output;
        } catch (IOException e) {
            throw new CompareFailure("wrk cannot be started: install it (Debian's package wrk).", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompareFailure("Interrupted.", e);
        }
    }
}
