package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options that the HTTP transport of MCP has here (DSL reference, "MCP Transport"). They only narrow what the operator lets every
 * call have.
 *
 * @param idleTimeout      longest time that the server may say nothing, as long as one of its answers is waited for; absent for as long
 *                         as the call may take
 * @param maxResponseBytes gives how many bytes an answer may have, as a whole number; absent for as many as those of every call
 */
public record McpOptions(
        @Nullable DurationValue idleTimeout, @Nullable Template maxResponseBytes) {

    /** Whole numbers that there may be of bytes. */
    public static final Pattern BYTES = Pattern.compile("[1-9][0-9]{0,8}");

    /** Calls that say nothing of it. */
    public static final McpOptions NONE = new McpOptions(null, null);
}
