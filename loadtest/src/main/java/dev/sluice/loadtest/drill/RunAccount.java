package dev.sluice.loadtest.drill;

import dev.sluice.loadtest.drill.Discrepancy.Kind;
import dev.sluice.loadtest.drill.Evidence.Outcome;
import dev.sluice.loadtest.drill.Evidence.Run;
import dev.sluice.loadtest.drill.Request.Told;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests against runs, and the outputs of runs against the calls they made. */
final class RunAccount {

    private final Evidence evidence;
    private final List<Discrepancy> discrepancies = new ArrayList<>();
    private final Map<Long, Call> calls;
    private final Map<UUID, Set<Long>> journaled;

    RunAccount(Evidence evidence) {
        this.evidence = evidence;
        this.calls = evidence.calls().stream().collect(Collectors.toMap(Call::serial, call -> call));
        this.journaled = evidence.outcomes().stream()
                .collect(
                        Collectors.groupingBy(Outcome::runId, Collectors.mapping(Outcome::serial, Collectors.toSet())));
        runs();
        requests();
    }

    List<Discrepancy> discrepancies() {
        return List.copyOf(discrepancies);
    }

    private void runs() {
        Map<Integer, Request> requests =
                evidence.requests().stream().collect(Collectors.toMap(Request::number, request -> request));
        Map<Integer, UUID> seen = new HashMap<>();
        for (Run run : evidence.runs()) {
            UUID other = seen.putIfAbsent(run.number(), run.id());
            if (other != null) {
                report(Kind.DUPLICATE_RUN, "number " + run.number() + " has the runs " + other + " and " + run.id());
            }
            Request request = requests.get(run.number());
            if (request == null || !asked(request, run)) {
                report(Kind.UNEXPECTED_RUN, "run " + run.id() + " of number " + run.number() + " for " + request);
            }
            if (!run.ended()) {
                report(Kind.UNFINISHED, "run " + run.id() + " of number " + run.number() + " is " + run.status());
            } else if (!run.completed()) {
                report(Kind.FAILED, "run " + run.id() + " of number " + run.number() + " is " + run.status());
            } else {
                output(run);
            }
        }
    }

    /** Whether the request's client was told of this very run, or of nothing. */
    private static boolean asked(Request request, Run run) {
        return switch (request.told()) {
            case Told.Accepted accepted ->
                accepted.id().equals(request.kind() == Request.Kind.WEBHOOK ? run.eventId() : run.id());
            case Told.Nothing nothing -> run.eventId() == null;
            // Reported as refused already; that there is a run makes it no worse.
            case Told.Refused refused -> true;
        };
    }

    private void requests() {
        Map<UUID, Run> runs = new HashMap<>();
        evidence.runs().forEach(run -> {
            runs.put(run.id(), run);
            if (run.eventId() != null) {
                runs.put(run.eventId(), run);
            }
        });
        for (Request request : evidence.requests()) {
            switch (request.told()) {
                case Told.Accepted accepted -> accepted(request, accepted, runs.get(accepted.id()));
                case Told.Refused refused -> report(Kind.REFUSED, request.number() + ": " + refused.why());
                case Told.Nothing nothing -> {}
            }
        }
    }

    private void accepted(Request request, Told.Accepted accepted, @Nullable Run run) {
        if (run == null || run.number() != request.number()) {
            report(Kind.LOST, request.kind().text() + " " + request.number() + ", accepted as " + accepted.id());
        } else if (accepted.output() != null && !accepted.output().equals(run.output())) {
            report(Kind.WRONG_ANSWER, "run " + run.id() + " has " + run.output() + ", answered " + accepted.output());
        }
    }

    /** The output has the run's number and, for each step, a call of this run and step whose outcome is in its journal. */
    private void output(Run run) {
        JsonNode output = run.output();
        ObjectNode expected = Json.object().put("number", run.number());
        for (String step : Workload.KEYS.keySet()) {
            long serial = output == null ? 0 : output.path(step).asLong(0);
            Call call = calls.get(serial);
            boolean own = call != null
                    && call.number() == run.number()
                    && call.step().equals(step)
                    && journaled.getOrDefault(run.id(), Set.of()).contains(serial);
            expected.put(step, own ? (int) serial : -1);
        }
        if (!expected.equals(output)) {
            report(Kind.WRONG_OUTPUT, "run " + run.id() + " has " + output + ", expected " + expected);
        }
    }

    private void report(Kind kind, String detail) {
        discrepancies.add(new Discrepancy(kind, detail));
    }
}
