package dev.sluice.executor.definition;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads and compiles workflow documents of the Open Workflow DSL 1.0.x. What the specification has and Sluice does not
 * have yet is refused when the document is read, never ignored when it runs. Thread-safe; pure computation.
 */
public final class WorkflowDocuments {

    /** Largest document, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private WorkflowDocuments() {}

    /** How a document is written. */
    public enum Format {
        YAML,
        JSON
    }

    /**
     * Reads a document as its author sent it.
     *
     * @throws SluiceException {@link ProblemType#INVALID_DOCUMENT} with every violation, each with its JSON pointer and
     *                         its line and column; {@link ProblemType#PAYLOAD_TOO_LARGE} above {@link #MAX_BYTES}
     */
    public static Workflow read(byte[] body, Format format) {
        RemoteDocuments remote = new RemoteDocuments();
        Workflow workflow = read(body, format, remote);
        requireAll(remote);
        return workflow;
    }

    /**
     * The same with documents elsewhere. As long as some are {@link RemoteDocuments#missing} what comes back is not whole: it is to
     * be read again when they are there.
     */
    public static Workflow read(byte[] body, Format format, RemoteDocuments remote) {
        if (body.length > MAX_BYTES) {
            throw new SluiceException(
                    ProblemType.PAYLOAD_TOO_LARGE, "A workflow document has at most " + MAX_BYTES + " bytes.");
        }
        String text = decode(body);
        return WorkflowCompiler.compile(
                switch (format) {
                    case YAML -> YamlDocumentReader.read(text);
                    case JSON -> JsonDocumentReader.read(text);
                },
                remote);
    }

    /**
     * Compiles a document that was read before and stored as a tree, with all documents elsewhere that it was read with.
     *
     * @throws SluiceException {@link ProblemType#INVALID_DOCUMENT} when this version of Sluice does not take it
     */
    public static Workflow compile(JsonNode stored, RemoteDocuments remote) {
        Workflow workflow = WorkflowCompiler.compile(new SourceDocument(stored, Map.of()), remote);
        requireAll(remote);
        return workflow;
    }

    private static void requireAll(RemoteDocuments remote) {
        var missing = remote.missing();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("Documents elsewhere are missing: " + missing);
        }
    }

    private static String decode(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            Violations violations = new Violations(Map.of());
            violations.report("", new Place(1, 1), "the text is not UTF-8");
            throw violations.exception();
        }
    }
}
