package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScriptProblemsTest {

    @Test
    void areLookedForOncePerScriptWithWhatIsLeftOfTheTime() {
        List<String> read = new ArrayList<>();
        List<Duration> given = new ArrayList<>();
        ScriptProblems problems = new ScriptProblems((code, most) -> {
            read.add(code);
            given.add(most);
            return code.isEmpty() ? null : "odd";
        });
        for (int i = 0; i < 2; i++) {
            assertThat(problems.of("a")).isEqualTo("odd");
            assertThat(problems.of("")).isNull();
        }
        assertThat(read).containsExactly("a", "");
        assertThat(given.getFirst()).isEqualTo(Duration.ofSeconds(10));
        assertThat(given.getLast()).isLessThan(given.getFirst());
    }

    @Test
    void textsAreTheSameForAllWhoNameThem() {
        RemoteDocuments remote = new RemoteDocuments();
        URI uri = URI.create("https://scripts.example/a.js");
        remote.put(uri, "let x = 1".getBytes(StandardCharsets.UTF_8));
        assertThat(remote.text(uri)).isEqualTo("let x = 1").isSameAs(remote.text(uri));
        remote.put(uri, new byte[] {(byte) 0xff});
        assertThat(remote.text(uri)).isNull();
    }
}
