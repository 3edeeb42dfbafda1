package dev.sluice.executor.expression.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Cases in the format of jq's own tests: a program, an input, the expected outputs, and an empty line; or {@code %%FAIL}, a program and the message. */
final class JqCases {

    private static final String FAILS = "%%FAIL";

    private JqCases() {}

    static List<JqCase> read(Path file) throws IOException {
        List<JqCase> cases = new ArrayList<>();
        List<String> block = new ArrayList<>();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add("");
        for (String line : lines) {
            if (line.startsWith("#")) {
                continue;
            }
            if (!line.isBlank()) {
                block.add(line);
            } else if (!block.isEmpty()) {
                cases.add(parsed(List.copyOf(block)));
                block.clear();
            }
        }
        return cases;
    }

    private static JqCase parsed(List<String> block) {
        return block.getFirst().equals(FAILS)
                ? new JqCase(block.get(1), "null", List.of(), String.join("\n", block.subList(2, block.size())))
                : new JqCase(block.getFirst(), block.get(1), block.subList(2, block.size()), "");
    }

    /**
     * One case.
     *
     * @param refusal what the compiler says; empty for a program that is compiled
     */
    record JqCase(String program, String input, List<String> outputs, String refusal) {

        @Override
        public String toString() {
            return program;
        }
    }
}
