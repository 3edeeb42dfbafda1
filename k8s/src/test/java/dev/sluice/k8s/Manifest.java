package dev.sluice.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One Kubernetes object in a file of its own; {@code file} is the name within the base. */
record Manifest(String file, Tree tree) {

    static final Path BASE = Path.of("base");

    static final String KUSTOMIZATION = "kustomization.yaml";

    /** Every manifest of the base except the kustomization itself, by file name. */
    static List<Manifest> all() {
        return files().stream()
                .filter(file -> !file.equals(KUSTOMIZATION))
                .map(Manifest::read)
                .toList();
    }

    static Manifest read(String file) {
        return new Manifest(file, parse(text(BASE.resolve(file)), file));
    }

    /** The only object of a kind with a name. */
    static Manifest of(String kind, String name) {
        List<Manifest> found = all().stream()
                .filter(manifest ->
                        manifest.kind().equals(kind) && manifest.name().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(kind + " " + name + ": " + found.size() + " (expected: 1)");
        }
        return found.getFirst();
    }

    static List<String> files() {
        try (Stream<Path> entries = Files.list(BASE)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses exactly one document; duplicate keys and aliases are refused. */
    static Tree parse(String text, String label) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(label)
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(0)
                .build();
        if (new Load(settings).loadFromString(text) instanceof Map<?, ?> map) {
            return new Tree(label, map);
        }
        throw new AssertionError(label + ": not a mapping");
    }

    static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String kind() {
        return tree.text("kind");
    }

    String name() {
        return tree.at("metadata").text("name");
    }
}
