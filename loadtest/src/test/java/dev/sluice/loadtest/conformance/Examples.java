package dev.sluice.loadtest.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.Api.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The specification's own examples, each deployed for an organization that has nothing else. Blocks. */
final class Examples {

    private Examples() {}

    /**
     * What became of an example.
     *
     * @param reasons why it is refused; empty when it is deployed
     */
    record Deployed(String file, List<String> reasons) {

        String line() {
            return reasons.isEmpty() ? "deploys\t" + file : "refused\t" + file + "\t" + String.join("; ", reasons);
        }
    }

    static List<Deployed> deploy(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(Examples::deployed)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Deployed deployed(Path file) {
        Answer answer = TestedSystem.newTenant().offer(read(file));
        List<String> reasons = answer.body()
                .path("errors")
                .valueStream()
                .map(violation -> violation.path("pointer").asString() + " "
                        + violation.path("detail").asString())
                .toList();
        assertThat(answer.accepted())
                .as("%s: %s", file.getFileName(), answer.body())
                .isEqualTo(reasons.isEmpty());
        return new Deployed(file.getFileName().toString(), reasons);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
