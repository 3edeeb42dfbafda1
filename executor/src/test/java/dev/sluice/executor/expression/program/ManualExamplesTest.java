package dev.sluice.executor.expression.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.program.JqCases.JqCase;
import dev.sluice.executor.expression.value.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The examples of jq's manual, from a folder given as {@code -Dsluice.jq=…} that has {@code man.test} and {@code manonig.test}. */
final class ManualExamplesTest {

    private static final String FOLDER = System.getProperty("sluice.jq", "");

    /** Programs that are refused, and why. */
    private static final Map<String, String> EXCLUDED = Map.of(
            "$ENV.PAGER", "the environment is outside of a value",
            "env.PAGER", "the environment is outside of a value");

    @Test
    void give() throws IOException {
        assumeTrue(!FOLDER.isEmpty(), "no folder is given by -Dsluice.jq");
        Map<String, String> wrong = new LinkedHashMap<>();
        List<JqCase> cases = new ArrayList<>();
        for (String file : List.of("man.test", "manonig.test")) {
            cases.addAll(JqCases.read(Path.of(FOLDER, file)));
        }
        cases.forEach(each -> check(each, wrong));
        assertThat(cases).hasSizeGreaterThan(200);
        assertThat(wrong.keySet()).as("%s", wrong).containsExactlyInAnyOrderElementsOf(EXCLUDED.keySet());
    }

    private static void check(JqCase example, Map<String, String> wrong) {
        try {
            List<JsonNode> outputs = Programs.run(example.program(), Programs.json(example.input()));
            List<JsonNode> expected =
                    example.outputs().stream().map(Programs::json).toList();
            Budget budget = Programs.budget();
            boolean same = outputs.size() == expected.size()
                    && Stream.iterate(0, i -> i < outputs.size(), i -> i + 1)
                            .allMatch(i -> Order.equal(outputs.get(i), expected.get(i), budget));
            if (!same) {
                wrong.put(example.program(), outputs + " instead of " + expected);
            }
        } catch (RuntimeException e) {
            wrong.put(example.program(), String.valueOf(e));
        }
    }
}
