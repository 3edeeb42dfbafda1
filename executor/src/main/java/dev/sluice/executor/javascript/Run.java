package dev.sluice.executor.javascript;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a script that runs has to do with the outside: what it was given, and what it writes. For one script. */
final class Run implements QuickJs.Gate {

    private static final byte[] NOTHING = "null".getBytes(StandardCharsets.UTF_8);

    /** A generator's state: more says nothing more. */
    private static final int SEED_WORDS = 4;

    /** As Node.js has it for a script that waits for what nobody will do. */
    private static final int UNSETTLED = 13;

    private static final int MOST_DIGITS = 3;

    private final Program program;
    private final Console stdout;
    private final Console stderr;
    private @Nullable Integer code;

    Run(Program program, int outputBytes) {
        this.program = program;
        this.stdout = new Console(outputBytes);
        this.stderr = new Console(outputBytes);
    }

    @Override
    public void permit(String operation, long bytes) {
        switch (operation) {
            case "stdout" -> stdout.reserve(bytes);
            case "stderr" -> stderr.reserve(bytes);
            default -> {
                if (bytes > MOST_DIGITS) {
                    throw spoiled();
                }
            }
        }
    }

    @Override
    public byte[] call(String operation, byte[] text) {
        switch (operation) {
            case "start" -> {
                return given();
            }
            case "stdout" -> stdout.write(text);
            case "stderr" -> stderr.write(text);
            case "end" -> code = number(text);
            case "exit" -> throw new Stop(ended(number(text)));
            default -> throw spoiled();
        }
        return NOTHING;
    }

    private static int number(byte[] text) {
        try {
            return Integer.parseInt(new String(text, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw spoiled();
        }
    }

    /** The script has changed builtins that the prelude needs, which is its own affair. */
    private static Stop spoiled() {
        return new Stop(new Outcome.Stopped(Outcome.Reason.CRASHED));
    }

    private byte[] given() {
        ObjectNode given = Json.object();
        given.put("stdin", program.stdin());
        program.arguments().forEach(given.putArray("arguments")::add);
        program.environment().forEach(given.putObject("environment")::put);
        ArrayNode seed = given.putArray("seed");
        ThreadLocalRandom.current().ints(SEED_WORDS).forEach(seed::add);
        return Json.bytes(given);
    }

    /** With the code that it said, after everything has run. */
    Outcome.Ended ended() {
        if (code == null) {
            stderr.write("The script waits for a promise that nobody settles\n".getBytes(StandardCharsets.UTF_8));
        }
        return ended(code == null ? UNSETTLED : code);
    }

    private Outcome.Ended ended(int exitCode) {
        return new Outcome.Ended(exitCode, stdout.text(), stderr.text());
    }

    /** What is no JavaScript at all. */
    static Outcome.Ended invalid(String problem) {
        return new Outcome.Ended(1, "", "Uncaught SyntaxError: " + problem + '\n');
    }
}
