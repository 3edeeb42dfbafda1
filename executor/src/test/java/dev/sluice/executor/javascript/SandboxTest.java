package dev.sluice.executor.javascript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxTest {

    private static final SandboxLimits LIMITS = new SandboxLimits(32L << 20, 1 << 16, Duration.ofSeconds(20));

    @Test
    void runsTheSpecificationsExample() throws Exception {
        String code = """
                // Reading Input from STDIN
                import { readFileSync } from 'node:fs';
                const stdin = readFileSync(process.stdin.fd, 'utf8');
                console.log('stdin > ', stdin) // Output: stdin > Hello Workflow

                // Reading from argv
                const [_, __, arg] = process.argv;
                console.log('arg > ', arg) // Output: arg > hello

                // Reading from env
                const foo = process.env.foo;
                console.log('env > ', foo) // Output: env > bar
                """;
        Program program = new Program(code, List.of("hello"), Map.of("foo", "bar"), "Hello Workflow");
        assertThat(run(program, LIMITS, () -> false))
                .isEqualTo(new Outcome.Ended(0, "stdin >  Hello Workflow\narg >  hello\nenv >  bar\n", ""));
    }

    @Test
    void givesBackUnicodeAndReplacesHalvesOfCharacters() throws Exception {
        assertThat(ended("console.log('\u00e4\ud83d\ude00\u2028\\0'); console.log('a\\ud800b')")
                        .stdout())
                .isEqualTo("\u00e4\ud83d\ude00\u2028\0\na\ufffdb\n");
    }

    @Test
    void writesValuesAsJson() throws Exception {
        String code = "console.log({a: [1, null]}, [2], 3n, undefined, null, true, Symbol('s'), -0);"
                + "const loop = {}; loop.loop = loop; console.log(loop); console.error('e'); process.stdout.write('x')";
        assertThat(ended(code))
                .isEqualTo(new Outcome.Ended(
                        0, "{\"a\":[1,null]} [2] 3 undefined null true Symbol(s) 0\n[object Object]\nx", "e\n"));
    }

    @Test
    void readsStandardInputInEachWay() throws Exception {
        String code = """
                import fs from 'fs';
                import { stdin } from 'process';
                let all = '';
                for await (const chunk of stdin) all += chunk;
                console.log(all, fs.readFileSync(0).toString(), fs.readFileSync('/dev/stdin', { encoding: 'utf-8' }), fs.readFileSync(0).length);
                try { fs.readFileSync('/etc/passwd') } catch (e) { console.log(e.message) }
                """;
        assertThat(((Outcome.Ended) run(new Program(code, List.of(), Map.of(), "\u00fc"), LIMITS, () -> false))
                        .stdout())
                .isEqualTo(
                        "\u00fc \u00fc \u00fc 2\nENOENT: scripts have no files, only standard input (0 or '/dev/stdin'), "
                                + "open '/etc/passwd'\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "throw new TypeError('odd')",
                "throw 'odd'",
                "throw null",
                "throw undefined",
                "throw Symbol('odd')",
                "throw {get stack() { throw 1 }, toString() { throw 2 }}",
                "throw new Proxy({}, {get() { throw 1 }})",
                "throw Object.create(null)",
                "await Promise.reject(new Error('odd'))",
                "null.odd",
                "import { odd } from 'node:fs'",
                "const e = new Error('odd'); Object.defineProperty(e, 'stack', {get() { throw e }}); throw e"
            })
    void endsWithOneForWhateverIsThrown(String code) throws Exception {
        Outcome.Ended ended = ended("console.log('before');\n" + code);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.stderr()).startsWith("Uncaught");
    }

    @Test
    void saysWhatWasThrownAndWhere() throws Exception {
        assertThat(ended("\nfunction f() { throw new RangeError('odd') }\nf()").stderr())
                .startsWith("Uncaught RangeError: odd\n    at f (script.mjs:2:")
                .contains("script.mjs:3:");
    }

    @Test
    void endsWithTheCodeThatItSays() throws Exception {
        assertThat(ended(
                        "try { process.exit(7) } catch (e) { console.log('caught') } finally { console.log('never') }"))
                .isEqualTo(new Outcome.Ended(7, "", ""));
        assertThat(ended("process.exitCode = 3; console.log(1)")).isEqualTo(new Outcome.Ended(3, "1\n", ""));
        assertThat(ended("process.exit(-1)").code()).isEqualTo(255);
        assertThat(ended("process.exit('x')").code()).isZero();
    }

    @Test
    void runsEverythingThatWaits() throws Exception {
        assertThat(ended("(async () => { await null; await null; console.log('late') })(); console.log('first')")
                        .stdout())
                .isEqualTo("first\nlate\n");
        assertThat(ended("await new Promise(() => {})"))
                .isEqualTo(new Outcome.Ended(13, "", "The script waits for a promise that nobody settles\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while (true) {}",
                "for (;;) { try { throw 1 } catch {} }",
                "/^(a+)+$/.exec('a'.repeat(60) + 'b')",
                "const again = () => Promise.resolve().then(again); again()",
                "function* g() { for (;;) yield 1 } for (const x of g());",
                "const a = new Uint8Array(4 << 20); for (;;) a.slice()",
                "10n ** 10n ** 10n",
                "for (;;) JSON.parse('[1,2,3]')"
            })
    void stopsWhatDoesNotEnd(String code) throws Exception {
        SandboxLimits short_ = new SandboxLimits(32L << 20, 1 << 16, Duration.ofMillis(300));
        assertThat(run(new Program(code, List.of(), Map.of(), ""), short_, () -> false))
                .matches(outcome -> outcome.equals(new Outcome.Stopped(Outcome.Reason.TIME))
                        || (code.contains("10n") && outcome instanceof Outcome.Ended ended && ended.code() == 1));
    }

    @Test
    void stopsWhenNobodyWaits() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(() -> cancelled.set(true));
        assertThat(run(new Program("while (true) {}", List.of(), Map.of(), ""), LIMITS, cancelled::get))
                .isEqualTo(new Outcome.Stopped(Outcome.Reason.CANCELLED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "const all = []; for (;;) all.push(new Array(10000).fill(all))",
                "let s = 'x'; for (;;) s += s.repeat(2) + s.length",
                "new Uint8Array(1 << 30)",
                "const all = []; for (;;) all.push(new Uint8Array(1 << 20))",
                "'x'.repeat(2 ** 29)"
            })
    void memoryHasAnEnd(String code) throws Exception {
        Outcome outcome = run(new Program(code, List.of(), Map.of(), ""), LIMITS, () -> false);
        assertThat(outcome)
                .matches(it -> it.equals(new Outcome.Stopped(Outcome.Reason.MEMORY))
                        || (it instanceof Outcome.Ended ended && ended.code() == 1));
    }

    @Test
    void scriptMayCatchThatMemoryHasAnEnd() throws Exception {
        assertThat(ended(
                                "const all = []; try { for (;;) all.push(new Uint8Array(1 << 20)) } catch (e) { all.length = 0; "
                                        + "console.log(String(e)) }")
                        .stdout())
                .isEqualTo("InternalError: out of memory\n");
    }

    @Test
    void outputHasAnEnd() throws Exception {
        assertThat(outcome("for (;;) console.log('x'.repeat(1000))"))
                .isEqualTo(new Outcome.Stopped(Outcome.Reason.OUTPUT));
        assertThat(outcome("for (;;) try { console.error('x'.repeat(1000)) } catch {}"))
                .isEqualTo(new Outcome.Stopped(Outcome.Reason.OUTPUT));
        assertThat(outcome("console.log('x'.repeat(65535))")).isInstanceOf(Outcome.Ended.class);
        assertThat(outcome("console.log('x'.repeat(65536))")).isEqualTo(new Outcome.Stopped(Outcome.Reason.OUTPUT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "function f() { f() } f()",
                "const f = () => { try { f() } finally { f() } }; f()",
                "JSON.parse('['.repeat(1e6))",
                "let a = []; for (let i = 0; i < 2e4; i++) a = [a]; a.toString()",
                "const o = {get x() { return this.x }}; o.x",
                "const o = {toString() { return '' + this }}; '' + o",
                "new Function('('.repeat(1e5))()",
                "[1, 2].sort(function f() { [1, 2].sort(f) })",
                "RegExp('('.repeat(1e5) + ')'.repeat(1e5))"
            })
    void depthHasAnEnd(String code) throws Exception {
        Outcome outcome = outcome(code);
        assertThat(outcome)
                .matches(it -> it.equals(new Outcome.Stopped(Outcome.Reason.DEPTH))
                        || (it instanceof Outcome.Ended ended && ended.code() == 1));
        assertThat(ended("console.log(1)").stdout()).isEqualTo("1\n");
    }

    @Test
    void hasNothingOfTheMachine() throws Exception {
        assertThat(ended(
                                "console.log(Object.getOwnPropertyNames(globalThis).filter(n => /^[a-z]/.test(n)).sort().join(' '))")
                        .stdout())
                .isEqualTo(
                        "console decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite"
                                + " isNaN parseFloat parseInt process queueMicrotask undefined unescape\n");
        for (String name :
                List.of("std", "os", "node:os", "node:net", "node:child_process", "https://example.com/x.js")) {
            String load = "try { await import('NAME') } catch (e) { console.log(String(e)) }".replace("NAME", name);
            String refusal = "could not load module 'NAME'".replace("NAME", name);
            assertThat(ended(load).stdout()).isEqualTo("ReferenceError: %s\n", refusal);
            assertThat(problem("import '" + name + '\'')).isEqualTo(refusal);
        }
        assertThat(ended("require('fs')").stderr()).contains("require is not defined");
    }

    @Test
    void functionsThatReachOutAreNowhere() throws Exception {
        String search = """
                const seen = new Set();
                const found = [];
                function walk(value, path) {
                  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
                  seen.add(value);
                  for (const key of Reflect.ownKeys(value)) {
                    if (/java|invoke|javy|sluice|readSync|writeSync/i.test(String(key))) found.push(path + '.' + String(key));
                    try { walk(value[key], path + '.' + String(key)) } catch {}
                  }
                  walk(Object.getPrototypeOf(value), path + '.__proto__');
                }
                walk(globalThis, '');
                console.log(found.join(' '));
                """;
        assertThat(ended(search).stdout()).isEqualTo("\n");
        assertThat(ended("const m = await import('sluice:prelude'); console.log(Object.keys(m).length)")
                        .stdout())
                .isEqualTo("0\n");
    }

    @Test
    void spoiledBuiltinsHarmNobodyElse() throws Exception {
        String spoil = "Object.prototype.stdin = 'x'; Array.prototype.map = () => { throw 1 }; JSON.stringify = null;"
                + "Promise.prototype.then = null; String.prototype.toWellFormed = () => 'y'.repeat(10);"
                + "globalThis.process = null; globalThis.left = 'behind'; console.log('z')";
        assertThat(outcome(spoil)).isEqualTo(new Outcome.Stopped(Outcome.Reason.CRASHED));
        assertThat(ended(
                                "console.log(typeof left, [1].map(x => x + 1).join(), JSON.stringify({}), typeof process.argv)")
                        .stdout())
                .isEqualTo("undefined 2 {} object\n");
    }

    @Test
    void randomNumbersDiffer() throws Exception {
        String code =
                "const all = Array.from({length: 100}, Math.random); console.log(all.every(x => x >= 0 && x < 1), all.join())";
        assertThat(ended(code).stdout())
                .startsWith("true ")
                .isNotEqualTo(ended(code).stdout());
    }

    @Test
    void takesLargeInputsAndRefusesThoseThatDoNotFit() throws Exception {
        String large = "\u00e4".repeat(1 << 20);
        String code = "console.log(process.argv[2].length, process.env.large.length)";
        Program program = new Program(code, List.of(large), Map.of("large", large, "__proto__", "p"), "");
        assertThat(run(program, LIMITS, () -> false))
                .isEqualTo(new Outcome.Ended(0, (1 << 20) + " " + (1 << 20) + "\n", ""));
        assertThat(run(new Program(code, List.of(), Map.of(), "x".repeat(20 << 20)), LIMITS, () -> false))
                .isEqualTo(new Outcome.Stopped(Outcome.Reason.MEMORY));
    }

    @Test
    void syntaxErrorsHaveTheirPlace() throws Exception {
        assertThat(problem("let x = 1;\nlet y = ;")).isEqualTo("unexpected token in expression: ';' (line 2)");
        assertThat(problem("let x = 1; await x; export default x")).isNull();
        assertThat(problem("")).isNull();
        assertThat(problem("return 1")).isNotNull();
        assertThat(problem("(".repeat(500_000))).isEqualTo("it is nested too deep");
        assertThat(problem("'\ud800'")).isNull();
        assertThat(ended("let y = ;"))
                .isEqualTo(new Outcome.Ended(
                        1, "", "Uncaught SyntaxError: unexpected token in expression: ';' (line 1)\n"));
    }

    @Test
    void runsOnItsOwnThreadsAlone() {
        assertThatThrownBy(() -> new Sandbox(LIMITS).run(new Program("", List.of(), Map.of(), ""), () -> false))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Outcome.Ended ended(String code) throws Exception {
        return (Outcome.Ended) outcome(code);
    }

    private static Outcome outcome(String code) throws Exception {
        return run(new Program(code, List.of(), Map.of(), ""), LIMITS, () -> false);
    }

    private static Outcome run(Program program, SandboxLimits limits, BooleanSupplier cancelled) throws Exception {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Sandbox.threads()
                .newThread(() -> {
                    try {
                        outcome.complete(new Sandbox(limits).run(program, cancelled));
                    } catch (Throwable e) {
                        outcome.completeExceptionally(e);
                    }
                })
                .start();
        return outcome.get(1, TimeUnit.MINUTES);
    }

    private static @Nullable String problem(String code) {
        return Syntax.problem(code, Duration.ofSeconds(20));
    }
}
