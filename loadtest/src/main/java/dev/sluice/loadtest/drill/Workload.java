package dev.sluice.loadtest.drill;

import java.net.URI;
import java.util.Map;

/**
 * The workflow of the drills: six calls, one of which is answered with 503 at first, a fork, a short wait, and one that
 * leaves memory. The output names, for each step, the call whose answer was used.
 */
final class Workload {

    /** The step whose first key the upstream refuses, so that its retry has a second one. */
    static final String FLAKY = "flaky";

    /** The steps and how many idempotency keys each has in a run that completed. */
    static final Map<String, Integer> KEYS = Map.of("first", 1, FLAKY, 2, "left", 1, "right", 1, "last", 1);

    private Workload() {}

    /** The document {@code drill/name}, for events of a source and an upstream. */
    static String document(String name, String eventSource, URI upstream) {
        return """
                document: { dsl: '1.0.3', namespace: drill, name: %1$s, version: '1.0.0' }
                schedule: { on: { one: { with: { type: com.github.push, source: '%2$s' } } } }
                input:
                  from: '${ (if type == "array" then .[0] else . end) | { number: .number } }'
                do:
                  - first:
                      call: http
                      with: { method: post, endpoint: '%3$s/call/%1$s/{number}/first', body: '${ . }' }
                      output: { as: '${ $input + { first: .call } }' }
                  - flaky:
                      try:
                        - ask:
                            call: http
                            with: { method: post, endpoint: '%3$s/call/%1$s/{number}/flaky', body: '${ . }' }
                            output: { as: '${ $input + { flaky: .call } }' }
                      catch:
                        errors:
                          with: { type: https://serverlessworkflow.io/spec/1.0.0/errors/communication, status: 503 }
                        retry: { delay: { milliseconds: 200 }, limit: { attempt: { count: 5 } } }
                  - pause: { wait: { milliseconds: 300 } }
                  - both:
                      fork:
                        compete: false
                        branches:
                          - left:
                              call: http
                              with: { method: post, endpoint: '%3$s/call/%1$s/{number}/left', body: '${ . }' }
                              output: { as: '${ { left: .call } }' }
                          - right:
                              call: http
                              with: { method: post, endpoint: '%3$s/call/%1$s/{number}/right', body: '${ . }' }
                              output: { as: '${ { right: .call } }' }
                      output: { as: '${ $input + .[0] + .[1] }' }
                  - parked: { wait: { seconds: 2 } }
                  - last:
                      call: http
                      with: { method: post, endpoint: '%3$s/call/%1$s/{number}/last', body: '${ . }' }
                      output: { as: '${ $input + { last: .call } }' }
                """.formatted(name, eventSource, upstream);
    }

    /** The input of a run: JSON. */
    static String input(int number) {
        return "{\"number\":" + number + "}";
    }
}
