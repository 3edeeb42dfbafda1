package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import org.junit.jupiter.api.Test;

/** Documents with what nobody means, and where they are told of it. */
final class InvalidDocumentsTest {

    @Test
    void tellsAllProblemsAtOnceInTheOrderOfTheText() {
        assertThat(Documents.violations("""
                        document:
                          dsl: '2.0.0'
                          namespace: under_score
                          version: 1.0
                          titel: Sample
                        do:
                          - first:
                              set: { a: '${ $nope }' }
                              then: secnod
                          - second:
                              for: { in: .items }
                              wihle: .a
                              do:
                                - one:
                                    wait: soon
                          - second:
                              call: http
                              with: { method: fetch, endpoint: 'not a uri' }
                        extra: 1
                        """, Format.YAML))
                .containsExactly(
                        "1:1 /document 'name' is missing",
                        "2:3 /document/dsl version 2.0.0 is not supported; use 1.0.x, such as 1.0.3",
                        "3:3 /document/namespace must be 1 to 63 letters, digits and inner hyphens",
                        "4:3 /document/version must be a string, not a number; put quotes around it",
                        "5:3 /document/titel unknown property 'titel' (did you mean 'title'?)",
                        "8:14 /do/0/first/set/a invalid expression: $nope is not defined (line 1, column 2)",
                        "9:7 /do/0/first/then there is no task 'secnod' in this list (did you mean 'second'?)",
                        "12:7 /do/1/second/wihle unknown property 'wihle' (did you mean 'while'?)",
                        "15:13 /do/1/second/do/0/one/wait 'soon' is not an ISO 8601 duration, such as PT1M30S",
                        "16:5 /do/2/second there is another task 'second' in this list; names must differ",
                        "18:15 /do/2/second/with/method 'fetch' is not one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
                        "18:30 /do/2/second/with/endpoint not a valid URI: Illegal character in path at character 4",
                        "19:1 /extra unknown property 'extra'");
    }

    @Test
    void tellsThePlaceInJson() {
        assertThat(Documents.violations("""
                        { "document": { "dsl": "1.0.3", "namespace": "é", "name": "a", "version": "1.0.0" },
                          "do": [
                            { "a": { "set": { "x": 1 }, "thn": "end" } }
                          ] }
                        """, Format.JSON))
                .containsExactly(
                        "1:33 /document/namespace must be 1 to 63 letters, digits and inner hyphens",
                        "3:33 /do/0/a/thn unknown property 'thn' (did you mean 'then'?)");
    }

    @Test
    void refusesWhatItDoesNotUnderstandOfItsOwnMetadata() {
        refuses(
                """
                do:
                  - a: { set: { x: 1 }, metadata: { team: mine, sluice: { onUnknown: fail } } }
                  - b:
                      call: http
                      with: { method: get, endpoint: 'http://up/x' }
                      metadata: { sluice: { onUnknown: ignore, onUnkown: fail } }
                """,
                "7:59 /do/0/a/metadata/sluice/onUnknown unknown property 'onUnknown'",
                "11:29 /do/1/b/metadata/sluice/onUnknown must be one of retry, fail, not 'ignore'",
                "11:48 /do/1/b/metadata/sluice/onUnkown unknown property 'onUnkown' (did you mean 'onUnknown'?)");
    }

    @Test
    void refusesWrongTypes() {
        refuses(
                """
                do:
                  - a: 1
                  - b: { set: [], if: true, timeout: 5 }
                  - c: { switch: {} }
                  - d: { do: { e: 1 } }
                  - { e: {}, f: {} }
                  - g: { raise: { error: { type: 'x y', status: '400', instance: nope } } }
                """,
                "7:5 /do/0/a must be an object, not a number",
                "8:10 /do/1/b/set must be an object or an expression ${ }, not a list",
                "8:19 /do/1/b/if must be a string, not a boolean; put quotes around it",
                "8:29 /do/1/b/timeout must be an object, not a number",
                "9:10 /do/2/c/switch must be a list of at least one case",
                "10:10 /do/3/d/do must be a list of tasks, not an object",
                "11:5 /do/4 must be one task under its name, not 2 names",
                "11:7 /do/4/e a task needs one of call, fork, emit, for, listen, raise, run, set, switch, try, wait, do",
                "11:14 /do/4/f a task needs one of call, fork, emit, for, listen, raise, run, set, switch, try, wait, do",
                "12:28 /do/5/g/raise/error/type not a valid URI: Illegal character in path at character 2",
                "12:41 /do/5/g/raise/error/status must be a whole number from 100 to 599",
                "12:56 /do/5/g/raise/error/instance must be a JSON pointer such as /do/0/first");
    }

    @Test
    void refusesForksThatMeanNothing() {
        refuses(
                """
                do:
                  - a: { fork: { branches: [] } }
                  - b: { fork: { compete: sometimes, branches: [ { one: { wait: PT1S, then: two } }, { two: { wait: PT1S } } ] } }
                  - c: { fork: { branches: { one: { wait: PT1S } }, wins: all } }
                  - d: { fork: { branches: [ { one: { wait: PT1S } }, { one: { wait: PT1S } } ] } }
                """,
                "7:18 /do/0/a/fork/branches needs a branch",
                "8:18 /do/1/b/fork/compete must be true or false, not a string",
                "8:71 /do/1/b/fork/branches/0/one/then there is no task 'two' in this list",
                "9:18 /do/2/c/fork/branches must be a list of tasks, not an object",
                "9:53 /do/2/c/fork/wins unknown property 'wins'",
                "10:57 /do/3/d/fork/branches/1/one there is another task 'one' in this list; names must differ");
    }

    @Test
    void refusesWhatIsNotAvailableYet() {
        refuses(
                """
                use:
                  secrets: [a]
                  catalogs: {}
                evaluate: { language: js }
                schedule: { on: { one: { with: { type: t }, correlate: {} } } }
                input: { schema: { format: avro, document: {} } }
                do:
                  - a: { emit: { event: { with: { type: t, datacontenttype: text } } } }
                  - b: { run: { shell: { command: 'ls' } } }
                  - c: { run: { container: { image: x } } }
                  - d: { call: http, with: { method: get, endpoint: { uri: 'http://x/', authentication: { use: z } } } }
                  - e: { set: { x: '${ $secrets.a }' } }
                  - f: { call: http, with: { method: get, endpoint: 'http://x/', headers: { a: '${ $secrets.b }', c: '${ $authorization }' } } }
                """,
                "9:13 /evaluate/language language 'js' is not available, only jq",
                "11:20 /input/schema/format 'avro' is not available, only json (JSON Schema)",
                "13:44 /do/0/a/emit/event/with/datacontenttype 'text' is no media type such as text/plain",
                "14:17 /do/1/b/run/shell 'shell' is not available: no commands of a shell are run here",
                "15:17 /do/2/c/run/container 'container' is not available: no containers are run here",
                "16:91 /do/3/d/with/endpoint/authentication/use there is no 'z' in use.authentications",
                "17:17 /do/4/e/set/x invalid expression: $secrets is not defined (line 1, column 2); it is there in input.from, in arguments of calls and in authentication",
                "18:77 /do/5/f/with/headers/a there is no 'b' in use.secrets",
                "18:99 /do/5/f/with/headers/c invalid expression: $authorization is not defined (line 1, column 2); it is there in arguments of calls that authenticate, their output.as and their export.as");
    }

    @Test
    void refusesWhatGoesFromOneIterationToTheNextWhereTheyRunAtTheSameTime() {
        refuses(
                """
                do:
                  - a:
                      for: { in: '[1]' }
                      while: .n < 3
                      metadata: { sluice: { concurrency: 2 } }
                      do: [ { b: { do: [ { c: { set: { n: 1 }, export: { as: . } } } ] } } ]
                  - d: { for: { in: '[1]' }, metadata: { sluice: { concurrency: 0 } }, do: [ { e: { set: { n: 1 } } } ] }
                  - f: { set: { n: 1 }, metadata: { sluice: { concurrency: 2 } } }
                """,
                "9:7 /do/0/a/while iterations that run at the same time cannot have 'while'",
                "11:48 /do/0/a/do/0/b/do/0/c/export iterations that run at the same time cannot export",
                "12:52 /do/1/d/metadata/sluice/concurrency must be a whole number from 1 to 1000",
                "13:47 /do/2/f/metadata/sluice/concurrency unknown property 'concurrency'");
    }

    @Test
    void refusesReferencesThatLeadNowhere() {
        refuses(
                """
                use:
                  errors: { broken: { type: 'urn:a', status: 500 } }
                  retries: { default: { delay: PT1S } }
                  timeouts: { short: { after: PT1S } }
                timeout: shrot
                do:
                  - a:
                      try: []
                      catch: { retry: defualt, then: b }
                      timeout: long
                  - c: { raise: { error: boken } }
                  - d: { switch: [ { x: { then: a } }, { y: { then: ends } } ] }
                """,
                "10:1 /timeout there is no 'shrot' in use.timeouts (did you mean 'short'?)",
                "14:16 /do/0/a/catch/retry there is no 'defualt' in use.retries (did you mean 'default'?)",
                "14:32 /do/0/a/catch/then there is no task 'b' in this list",
                "15:7 /do/0/a/timeout there is no 'long' in use.timeouts",
                "16:19 /do/1/c/raise/error there is no 'boken' in use.errors (did you mean 'broken'?)",
                "17:10 /do/2/d/switch has 2 cases without 'when' (x, y); at most one can be the default",
                "17:47 /do/2/d/switch/1/y/then there is no task 'ends' in this list (did you mean 'end'?)");
    }

    @Test
    void refusesWrongTypesInWhatNobodyNames() {
        refuses(
                """
                use:
                  retries: { a: { when: {}, exceptWhen: 1, delay: [] } }
                  errors: { a: { type: 1, status: x, detail: [] } }
                  timeouts: { a: { after: true } }
                do: [ { a: { set: { x: 1 } } } ]
                """,
                "7:19 /use/retries/a/when must be a string, not an object",
                "7:29 /use/retries/a/exceptWhen must be a string, not a number; put quotes around it",
                "7:44 /use/retries/a/delay must be an ISO 8601 duration or an object, not a list",
                "8:18 /use/errors/a/type must be a string, not a number; put quotes around it",
                "8:27 /use/errors/a/status must be a whole number from 100 to 599",
                "8:38 /use/errors/a/detail must be a string, not a list",
                "9:20 /use/timeouts/a/after must be an ISO 8601 duration or an object, not a boolean");
    }

    @Test
    void knowsWhichVariablesAreWhere() {
        refuses(
                """
                input: { from: '$input' }
                output: { as: '$task' }
                do:
                  - a:
                      if: $input.x
                      input: { from: '$input' }
                      set: { x: '${ $output }', y: '${ $item }' }
                      output: { as: '$output' }
                      export: { as: '$output + $context' }
                  - b:
                      for: { each: pet, in: $pet }
                      while: $pet.x and $index
                      output: { as: $pet }
                      do:
                        - c: { set: { x: '${ [$pet, $index] }' } }
                  - d:
                      try: []
                      catch:
                        as: err
                        when: $err.status == 500 and $error
                        retry: { when: $err.status == 1, delay: '${ $err.x }' }
                        do:
                          - e: { set: { x: '${ $err }' } }
                """,
                "6:10 /input/from invalid expression: $input is not defined (line 1, column 1)",
                "7:11 /output/as invalid expression: $task is not defined (line 1, column 1)",
                "10:7 /do/0/a/if invalid expression: $input is not defined (line 1, column 1)",
                "11:16 /do/0/a/input/from invalid expression: $input is not defined (line 1, column 1)",
                "12:14 /do/0/a/set/x invalid expression: $output is not defined (line 1, column 2)",
                "12:33 /do/0/a/set/y invalid expression: $item is not defined (line 1, column 2)",
                "13:17 /do/0/a/output/as invalid expression: $output is not defined (line 1, column 1)",
                "16:25 /do/1/b/for/in invalid expression: $pet is not defined (line 1, column 1)",
                "18:17 /do/1/b/output/as invalid expression: $pet is not defined (line 1, column 1)",
                "25:9 /do/2/d/catch/when invalid expression: $error is not defined (line 1, column 24)");
    }

    @Test
    void refusesBadRetriesAndDurations() {
        refuses(
                """
                do:
                  - a:
                      try: []
                      catch:
                        errors: { with: {} }
                        as: input
                        retry:
                          backoff: { constant: {}, linear: {} }
                          limit: { attempt: { count: -1 } }
                          jitter: { from: PT1S }
                          delay: { hours: 1, hour: 2 }
                  - b: { wait: {} }
                  - c: { wait: P101Y }
                  - d: { wait: PT99999999999H }
                  - e: { wait: { seconds: 1.5 } }
                """,
                "10:19 /do/0/a/catch/errors/with needs one of type, status, instance, title, detail",
                "11:9 /do/0/a/catch/as 'input' already names something of the workflow",
                "13:11 /do/0/a/catch/retry/backoff needs exactly one of constant, linear, exponential",
                "14:31 /do/0/a/catch/retry/limit/attempt/count must be a whole number from 0 to 2147483647",
                "15:11 /do/0/a/catch/retry/jitter 'to' is missing",
                "16:30 /do/0/a/catch/retry/delay/hour unknown property 'hour' (did you mean 'hours'?)",
                "17:10 /do/1/b/wait needs one of days, hours, minutes, seconds, milliseconds",
                "18:10 /do/2/c/wait must not be longer than 36500 days",
                "19:10 /do/3/d/wait must not be longer than 36500 days",
                "20:18 /do/4/e/wait/seconds must be a whole number from 0 to 2147483647");
    }
}
