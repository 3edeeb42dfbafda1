package dev.sluice.executor.definition;

import dev.sluice.shared.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** What of a process that ran becomes the task's output: {@code return} (DSL reference, "Run"). */
public enum ProcessOutput {
    STDOUT,
    STDERR,
    CODE,
    ALL,
    NONE;

    /** Whether the output shows that the process failed; with the others a failure is an error. */
    public boolean tellsFailure() {
        return this == STDERR || this == CODE || this == ALL;
    }

    /** Of a process that wrote so much and ended with this code ("Process Result"). */
    public JsonNode of(int code, String stdout, String stderr) {
        return switch (this) {
            case STDOUT -> Json.string(stdout);
            case STDERR -> Json.string(stderr);
            case CODE -> IntNode.valueOf(code);
            case NONE -> NullNode.getInstance();
            case ALL -> {
                ObjectNode all = Json.object();
                all.put("code", code);
                all.put("stdout", stdout);
                all.put("stderr", stderr);
                yield all;
            }
        };
    }

    /** Of a workflow that ended well: its output is what it writes, and it has nothing to complain of. */
    public JsonNode of(JsonNode output) {
        return this == STDOUT ? output : of(0, output.isString() ? output.stringValue() : Json.text(output), "");
    }
}
