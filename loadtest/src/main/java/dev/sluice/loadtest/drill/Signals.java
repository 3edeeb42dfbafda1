package dev.sluice.loadtest.drill;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Signals that Java has no method for. Blocks. */
final class Signals {

    private static final int LIMIT_SECONDS = 10;

    private Signals() {}

    /** Fails when the process is not there. */
    static void send(String signal, long pid) {
        if (!sendIfThere(signal, pid)) {
            throw new DrillFailure("SIG" + signal + " cannot be sent to process " + pid + ".");
        }
    }

    /** Returns whether the process was there. */
    static boolean sendIfThere(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
            return kill.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && kill.exitValue() == 0;
        } catch (IOException e) {
            throw new DrillFailure("The program kill cannot be run: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillFailure("Interrupted.", e);
        }
    }
}
