package dev.sluice.executor.expression.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Programs of resource files, one in a line; {@code {{text*n}}} is the text so many times, a {@code §} in it the number of each. */
final class HostilePrograms {

    private HostilePrograms() {}

    static List<String> read(String name) throws IOException {
        InputStream resource = Objects.requireNonNull(HostilePrograms.class.getResourceAsStream(name), name);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    static String expanded(String line) {
        String text = line;
        for (int from = text.indexOf("{{"); from >= 0; from = text.indexOf("{{")) {
            int end = text.indexOf("}}", from);
            int times = text.lastIndexOf('*', end);
            String part = text.substring(from + 2, times);
            StringBuilder repeated = new StringBuilder(text.substring(0, from));
            for (int i = 0; i < Integer.parseInt(text.substring(times + 1, end)); i++) {
                repeated.append(part.replace("§", Integer.toString(i)));
            }
            text = repeated.append(text, end + 2, text.length()).toString();
        }
        return text;
    }
}
