package dev.sluice.shared.telemetry;

/** Request paths as they may stand in a log: the token of a webhook address is a secret and is left out. */
public final class LoggablePath {

    private static final String HOOKS = "/hooks/";
    private static final int MAX_LENGTH = 200;

    private LoggablePath() {}

    /** The path without a webhook token, at most {@value #MAX_LENGTH} characters. Give no query: it may hold anything. */
    public static String of(String path) {
        if (path.startsWith(HOOKS)) {
            return HOOKS + "***";
        }
        return path.length() <= MAX_LENGTH ? path : path.substring(0, MAX_LENGTH);
    }
}
