package dev.sluice.executor.script;

import dev.sluice.executor.call.CallErrors;
import dev.sluice.executor.definition.ProcessOutput;
import dev.sluice.executor.definition.Script;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.Caller.Prepared;
import dev.sluice.executor.engine.DslError;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.expression.Template;
import dev.sluice.executor.javascript.Outcome;
import dev.sluice.executor.javascript.Program;
import dev.sluice.shared.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Runs the scripts of workflows (DSL reference, "Script Process"). A script reaches nothing outside, so that one whose outcome nobody
 * knows can always be run again. Thread-safe.
 */
public final class ScriptCalls {

    private static final int UNAVAILABLE = 503;

    /** Of what a script complained of, in an error's detail. More is not cut short: half a secret would not be recognized. */
    private static final int LONGEST_COMPLAINT = 2_000;

    private final ScriptThreads threads;

    /** Runs them on these threads. */
    public ScriptCalls(ScriptThreads threads) {
        this.threads = threads;
    }

    /** As {@link dev.sluice.executor.engine.Caller#prepare}. */
    public Mono<Prepared> prepare(Script script, Invocation invocation) {
        Mono<Prepared> prepared = invocation
                .evaluations()
                .of(() -> program(script, invocation))
                .map(program -> () -> output(script, program, invocation));
        return CallErrors.failing(prepared, invocation.instance());
    }

    private Mono<JsonNode> output(Script script, Program program, Invocation invocation) {
        if (!threads.fits(program)) {
            return Mono.error(failure(stopped(Outcome.Reason.MEMORY, invocation.instance())));
        }
        Mono<JsonNode> output = script.await()
                ? threads.run(invocation.organization(), program)
                        .map(outcome -> output(script.output(), outcome, invocation.instance()))
                : threads.start(invocation.organization(), program).thenReturn(invocation.input());
        return output.onErrorMap(
                ScriptThreads.FullException.class,
                e -> failure(ErrorType.RUNTIME.at(
                        invocation.instance(), UNAVAILABLE, "Runtime Error", "Too many scripts wait on this node.")));
    }

    private static JsonNode output(ProcessOutput wanted, Outcome outcome, String instance) {
        return switch (outcome) {
            case Outcome.Ended ended -> {
                if (ended.code() != 0 && !wanted.tellsFailure()) {
                    throw failure(ErrorType.RUNTIME.at(instance, complaint(ended)));
                }
                yield wanted.of(ended.code(), ended.stdout(), ended.stderr());
            }
            case Outcome.Stopped stopped -> throw failure(stopped(stopped.reason(), instance));
        };
    }

    private static String complaint(Outcome.Ended ended) {
        String complaint = ended.stderr().strip();
        String ending = "The script ended with code " + ended.code();
        return complaint.isEmpty() || complaint.length() > LONGEST_COMPLAINT ? ending + '.' : ending + ": " + complaint;
    }

    private static DslError stopped(Outcome.Reason reason, String instance) {
        return switch (reason) {
            case TIME -> ErrorType.TIMEOUT.at(instance, "The script took longer than scripts may.");
            case MEMORY -> ErrorType.RUNTIME.at(instance, "The script needs more memory than scripts may have.");
            case OUTPUT -> ErrorType.RUNTIME.at(instance, "The script wrote more than scripts may.");
            case DEPTH -> ErrorType.RUNTIME.at(instance, "The script's calls or values were nested too deep.");
            case CANCELLED ->
                ErrorType.RUNTIME.at(instance, UNAVAILABLE, "Runtime Error", "The node stopped while the script ran.");
            case CRASHED -> ErrorType.RUNTIME.at(instance, "The script made its interpreter fail.");
        };
    }

    private static CallFailure failure(DslError error) {
        return new CallFailure(error);
    }

    private static Program program(Script script, Invocation invocation) {
        JsonNode stdin = evaluate(script.stdin(), invocation);
        JsonNode arguments = evaluate(script.arguments(), invocation);
        List<String> argv = arguments == null
                ? List.of()
                : arguments.valueStream().map(ScriptCalls::text).toList();
        JsonNode environment = evaluate(script.environment(), invocation);
        Map<String, String> env = new LinkedHashMap<>();
        if (environment != null) {
            environment.properties().forEach(variable -> env.put(variable.getKey(), text(variable.getValue())));
        }
        return new Program(script.code(), argv, env, stdin == null ? "" : text(stdin));
    }

    private static @Nullable JsonNode evaluate(@Nullable Template template, Invocation invocation) {
        return template == null ? null : template.evaluate(invocation.input(), invocation.scope());
    }

    /** What a process is given is text; what is something else is given as JSON. */
    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : Json.text(value);
    }
}
