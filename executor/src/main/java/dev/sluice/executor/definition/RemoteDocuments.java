package dev.sluice.executor.definition;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The documents elsewhere that a workflow's own refers to: descriptions of APIs, schemas. Compiling asks for them; those that are
 * not there are {@link #missing} afterwards, and the document is to be compiled again when they have been fetched. Not
 * thread-safe.
 */
public final class RemoteDocuments {

    /**
     * A document elsewhere.
     *
     * @param authentication how whoever fetches it says who it is, absent for not at all
     */
    public record Reference(URI uri, @Nullable Authentication authentication) {}

    private final Map<URI, byte[]> contents = new LinkedHashMap<>();
    private final Map<URI, Optional<String>> texts = new HashMap<>();
    private final ScriptProblems scripts = new ScriptProblems();
    private final Map<URI, String> failures = new LinkedHashMap<>();
    private final Map<URI, Reference> missing = new LinkedHashMap<>();
    private final Map<String, Reference> located = new HashMap<>();

    /** Those that were asked for and are not there. Asking for them again makes them missing again. */
    public Collection<Reference> missing() {
        List<Reference> all = List.copyOf(missing.values());
        missing.clear();
        return all;
    }

    /** What a document is. The bytes are not copied. */
    public void put(URI uri, byte[] content) {
        contents.put(uri, content);
        texts.remove(uri);
    }

    /** Why a document cannot be had, for its author. */
    public void fail(URI uri, String reason) {
        failures.put(uri, reason);
    }

    /** Why documents cannot be had, for their author. */
    public Map<URI, String> failures() {
        return Map.copyOf(failures);
    }

    /** Where the document of an endpoint is, whose address is computed. */
    void locate(String pointer, Reference reference) {
        located.put(pointer, reference);
    }

    /** What the endpoint at a pointer refers to; null for what is not known. */
    @Nullable
    Reference located(String pointer) {
        return located.get(pointer);
    }

    /** The bytes of a document that is there. */
    public byte[] content(URI uri) {
        return Objects.requireNonNull(contents.get(uri), uri::toString);
    }

    /** All that are there. */
    public Map<URI, byte[]> contents() {
        return Map.copyOf(contents);
    }

    /** How many bytes they have together. */
    public int bytes() {
        return contents.values().stream().mapToInt(content -> content.length).sum();
    }

    /** The bytes of a document, or null while they are missing or when they cannot be had. */
    byte @Nullable [] get(Reference reference) {
        byte[] content = contents.get(reference.uri());
        if (content == null && !failures.containsKey(reference.uri())) {
            missing.merge(reference.uri(), reference, (one, other) -> one.authentication() == null ? other : one);
        }
        return content;
    }

    /** A document that is there as text, the same for all that name it; null when it is not UTF-8. */
    @Nullable
    String text(URI uri) {
        return texts.computeIfAbsent(uri, ignored -> decoded(contents.getOrDefault(uri, new byte[0])))
                .orElse(null);
    }

    private static Optional<String> decoded(byte[] content) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** What is known of the scripts of the document that refers to these, however often it is compiled. */
    ScriptProblems scripts() {
        return scripts;
    }

    /** Why a document cannot be had, or null. */
    @Nullable
    String failure(URI uri) {
        return failures.get(uri);
    }
}
