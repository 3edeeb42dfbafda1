package dev.sluice.executor.definition;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.ResourceCompiler.Document;
import dev.sluice.executor.description.DescriptionException;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Reads documents elsewhere as trees, for one compilation. A tree takes a hundred times as much memory as its text: small ones are kept,
 * others are read again, for which there is a bound. What cannot be read is tried once. Not thread-safe.
 */
final class DocumentTrees {

    /** In bytes of JSON. */
    private static final long MOST = 256L << 20;

    /** Of those that are kept, in bytes of their texts together. */
    private static final int MOST_KEPT = 512 << 10;

    /** How many bytes of JSON are read while one of YAML is, about. */
    private static final int YAML = 10;

    private final Map<URI, String> unreadable = new HashMap<>();
    private final Map<URI, Document> kept = new HashMap<>();
    private int keptBytes;
    private long read;

    /** The document. The message of a {@link DescriptionException} says what is wrong with it, and begins with a verb. */
    Document read(Reference reference, byte[] content) throws DescriptionException {
        String known = unreadable.get(reference.uri());
        if (known != null) {
            throw new DescriptionException(known);
        }
        Document small = kept.get(reference.uri());
        if (small != null) {
            return new Document(reference, small.root(), small.places());
        }
        Document document = parsed(reference, content);
        if (keptBytes + content.length <= MOST_KEPT) {
            kept.put(reference.uri(), document);
            keptBytes += content.length;
        }
        return document;
    }

    private Document parsed(Reference reference, byte[] content) throws DescriptionException {
        String text = new String(content, StandardCharsets.UTF_8);
        // JSON is YAML too, but read faster, and without a note of each place.
        boolean json = text.stripLeading().startsWith("{");
        read += (long) content.length * (json ? 1 : YAML);
        if (read > MOST) {
            throw new DescriptionException(
                    "would be read too often: tasks refer to it and to others by turns, and it is not small");
        }
        try {
            return json ? new Document(reference, Json.read(content), Map.of()) : yaml(reference, text);
        } catch (SluiceException e) {
            String reason = "is neither JSON nor YAML: "
                    + e.violations().stream().findFirst().map(Violation::detail).orElseGet(() -> message(e));
            unreadable.put(reference.uri(), reason);
            throw new DescriptionException(reason);
        }
    }

    private static String message(SluiceException e) {
        return Objects.requireNonNullElse(e.getMessage(), "");
    }

    private static Document yaml(Reference reference, String text) {
        SourceDocument source = YamlDocumentReader.read(text);
        return new Document(reference, source.root(), source.places());
    }
}
