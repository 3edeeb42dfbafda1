package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.refuses;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events that are emitted, listened for, or start runs, and schedules, that mean nothing. */
final class InvalidEventsTest {

    @Test
    void refusesEventsThatMeanNothing() {
        refuses(
                """
                do:
                  - a: { emit: { event: { with: { source: 'urn:a', data: 1 } } } }
                  - b: { emit: { event: { with: { type: '', time: yesterday, Subject: x, specversion: '1.0', ext: {} } } } }
                  - c: { listen: { to: { one: { with: {} }, any: [] } } }
                  - d: { listen: { to: { all: [], until: '. > 1' }, read: body } }
                  - e: { listen: { to: { one: { with: { type: t }, correlate: { x: { expect: 1 }, y: { from: '.a +' } } } } } }
                  - f: { listen: { to: { one: { with: { type: t, data: '${ . == $context.x }' } } } } }
                  - g: { listen: { to: { any: [], until: { any: [], until: 'true' } } } }
                  - h: { listen: { to: { any: [] } }, foreach: { item: x, at: x, each: y } }
                """,
                "7:27 /do/0/a/emit/event/with 'type' is missing",
                "8:35 /do/1/b/emit/event/with/type must not be empty",
                "8:45 /do/1/b/emit/event/with/time must be a time such as 2026-01-31T12:00:00Z",
                "8:62 /do/1/b/emit/event/with/Subject 'Subject' is no attribute to set: lower-case letters and digits make one",
                "8:74 /do/1/b/emit/event/with/specversion 'specversion' is no attribute to set: lower-case letters and digits make one",
                "8:94 /do/1/b/emit/event/with/ext must be a string, not an object",
                "9:20 /do/2/c/listen/to needs exactly one of one, any, all",
                "9:33 /do/2/c/listen/to/one/with needs an attribute",
                "10:26 /do/3/d/listen/to/all needs an event filter",
                "10:35 /do/3/d/listen/to/until 'until' needs 'any', outside of another 'until'",
                "10:53 /do/3/d/listen/read must be one of data, envelope, raw, not 'body'",
                "11:65 /do/4/e/listen/to/one/correlate/x 'from' is missing",
                "11:88 /do/4/e/listen/to/one/correlate/y/from invalid expression: syntax error: unexpected end of the program (line 1, column 5)",
                "12:50 /do/5/f/listen/to/one/with/data invalid expression: $context is not defined (line 1, column 7)",
                "13:53 /do/6/g/listen/to/until/until 'until' needs 'any', outside of another 'until'",
                "14:39 /do/7/h/foreach 'item' and 'at' must be different names",
                "14:66 /do/7/h/foreach/each unknown property 'each'");
    }

    @CsvSource(
            delimiter = '|',
            value = {
                "{ cron: '0 0 * *' }            | 6:13 /schedule/cron must have five fields: minute, hour, day of the month, month, day of the week",
                "{ cron: '61 0 * * *' }         | 6:13 /schedule/cron is no cron expression: Invalid value for MinuteOfHour (valid values 0 - 59): 61",
                "{ cron: '0 0 31 2 *' }         | 6:13 /schedule/cron names a time that never comes",
                "{ cron: 5 }                    | 6:13 /schedule/cron must be a string, not a number; put quotes around it",
                "{ every: PT0.5S }              | 6:13 /schedule/every must be at least a second",
                "{ every: '${ .a }' }           | 6:13 /schedule/every must be a fixed duration: there is no input yet",
                "{ every: PT1S, cron: '@daily' }| 6:1 /schedule needs only one of every, cron, after",
                "{ }                            | 6:1 /schedule needs one of every, cron, after, on"
            })
    @ParameterizedTest
    void refusesSchedulesThatMeanNothing(String schedule, String violation) {
        refuses("schedule: " + schedule + "\ndo: [ { a: { set: { b: 1 } } } ]", violation);
    }

    @Test
    void refusesBadTriggers() {
        refuses(
                """
                schedule:
                  read: everything
                  on:
                    any:
                      - with: { type: 'a(b', Bad: x, data: { n: '${ $input }' }, subject: [] }
                        correlate: {}
                      - with: {}
                    until: {}
                    one: {}
                do: []
                """,
                "7:3 /schedule/read must be one of data, envelope, raw, not 'everything'",
                "8:3 /schedule/on needs exactly one of one, any, all",
                "10:17 /schedule/on/any/0/with/type invalid regular expression: a(b (at offset 0) is not a valid regex:"
                        + " end pattern with unmatched parenthesis",
                "10:30 /schedule/on/any/0/with/Bad 'Bad' is no event attribute: lower-case letters and digits make one",
                "10:46 /schedule/on/any/0/with/data/n invalid expression: $input is not defined (line 1, column 2)",
                "10:66 /schedule/on/any/0/with/subject must be a string, a number or a boolean, not a list",
                "12:9 /schedule/on/any/1/with needs an attribute",
                "13:5 /schedule/on/until needs exactly one of one, any, all",
                "14:5 /schedule/on/one 'with' is missing");
    }

    @Test
    void refusesBadSetsOfTriggers() {
        refuses(
                """
                schedule:
                  on:
                    all:
                      - with: { type: t }
                        correlate: { a: { from: .a, expect: '${ .b }' }, b: { expect: x }, c: { from: '$input' } }
                      - correlate: { a: { from: .a }, b: { from: .a }, c: { from: .a }, d: { from: .a }, e: { from: .a } }
                    until: .x
                do: []
                """,
                "10:37 /schedule/on/all/0/correlate/a/expect must be a constant: there is no run yet that an expression"
                        + " could look at",
                "10:58 /schedule/on/all/0/correlate/b 'from' is missing",
                "10:81 /schedule/on/all/0/correlate/c/from invalid expression: $input is not defined (line 1, column 1)",
                "11:9 /schedule/on/all/1 'with' is missing",
                "11:9 /schedule/on/all/1/correlate has more than 4 correlations without 'expect'",
                "12:5 /schedule/on/until 'until' needs 'any', outside of another 'until'");
        refuses("schedule: { on: { all: [] } }\ndo: []\n", "6:19 /schedule/on/all needs an event filter");
        refuses(
                "schedule: { on: { all: {} } }\ndo: []\n",
                "6:19 /schedule/on/all must be a list of event filters, not an object");
        refuses(
                "schedule: { on: { all: [" + "{ with: { type: t } },".repeat(65) + "] } }\ndo: []\n",
                "6:13 /schedule/on has more than 64 filters");
    }

    @Test
    void refusesWhatCouldEndNoSetOfTriggers() {
        refuses(
                """
                schedule:
                  on:
                    any:
                      - with: { type: t }
                        correlate: { a: { from: .a, expect: '${ .b }' } }
                    until: '${ length > $context.n or $input or $workflow or $runtime }'
                do: []
                """,
                "10:37 /schedule/on/any/0/correlate/a/expect must be a constant: there is no run yet that an expression"
                        + " could look at",
                "11:5 /schedule/on/until invalid expression: $context is not defined (line 1, column 11);"
                        + " $input is not defined (line 1, column 25); $workflow is not defined (line 1, column 35);"
                        + " $runtime is not defined (line 1, column 48)");
        refuses("schedule: { on: { any: [], until: 'length >' } }\ndo: []\n", """
                6:28 /schedule/on/until invalid expression: syntax error: unexpected end of the program (line 1, column 9)\
                """);
        refuses("schedule: { on: { any: [], until: false } }\ndo: []\n", """
                6:28 /schedule/on/until must be an object, not a boolean\
                """);
        refuses(
                """
                schedule:
                  on:
                    any: [ { with: { type: t } } ]
                    until: { any: [ { with: { type: u }, correlate: { a: { from: '$input' } } } ], until: '.x', of: 1 }
                do: []
                """,
                "9:60 /schedule/on/until/any/0/correlate/a/from invalid expression: $input is not defined (line 1, column 1)",
                "9:84 /schedule/on/until/until 'until' needs 'any', outside of another 'until'",
                "9:97 /schedule/on/until/of unknown property 'of'");
        refuses(
                "schedule: { on: { any: [ " + "{ with: { type: t } }, ".repeat(64)
                        + "], until: { one: { with: { type: u } } } } }\ndo: []\n",
                "6:13 /schedule/on has more than 64 filters");
    }
}
