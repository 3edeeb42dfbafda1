package dev.sluice.shared.json;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes the one JSON tree of Sluice (ADR 1): Jackson 3 nodes from the socket to the journal. Nodes are
 * mutable by type and immutable by agreement: once handed to someone else a node is never changed.
 *
 * <p>Foreign JSON is read within bounds: {@value #MAX_DEPTH} levels, {@value #MAX_NAME_LENGTH} characters in a name,
 * {@value #MAX_NUMBER_LENGTH} digits in a number, no duplicate names, nothing after the value. Thread-safe.
 */
public final class Json {

    /** Deepest nesting accepted from outside. */
    public static final int MAX_DEPTH = 200;

    /** Longest property name accepted from outside, in characters. */
    public static final int MAX_NAME_LENGTH = 10_000;

    /** Longest number accepted from outside, in digits. */
    public static final int MAX_NUMBER_LENGTH = 1_000;

    /** What Sluice wrote may wrap a foreign value in a few levels of its own. */
    private static final int TRUSTED_DEPTH = MAX_DEPTH + 50;

    private static final JsonMapper MAPPER = mapper(MAX_DEPTH, MAX_NAME_LENGTH, MAX_NUMBER_LENGTH);
    private static final JsonMapper TRUSTED = mapper(TRUSTED_DEPTH, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private Json() {}

    /**
     * Reads one JSON value.
     *
     * @throws SluiceException {@link ProblemType#INVALID_REQUEST} with line and column of the first problem
     */
    public static JsonNode read(byte[] text) {
        if (text.length == 0) {
            throw invalid("The body is empty; a JSON value is expected.", 1, 1);
        }
        try {
            return MAPPER.readTree(text);
        } catch (StreamConstraintsException e) {
            throw invalid(
                    "The JSON is nested deeper than " + MAX_DEPTH
                            + " levels or holds a name or number beyond its bound.",
                    breach(text));
        } catch (JacksonException e) {
            throw invalid("The JSON is malformed: " + e.getOriginalMessage(), e.getLocation());
        }
    }

    /** Reads a value that Sluice wrote itself; a failure is a defect. */
    public static JsonNode trusted(byte[] text) {
        return TRUSTED.readTree(text);
    }

    /** The same value without white space, numbers as they are; empty for what is no JSON. No tree is made of it. */
    public static Optional<byte[]> compacted(byte[] text) {
        ByteArrayOutputStream compact = new ByteArrayOutputStream(text.length);
        try (JsonParser parser = TRUSTED.createParser(text);
                JsonGenerator generator = TRUSTED.createGenerator(compact)) {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            generator.copyCurrentStructureExact(parser);
            if (parser.nextToken() != null) {
                return Optional.empty();
            }
        } catch (JacksonException e) {
            return Optional.empty();
        }
        return Optional.of(compact.toByteArray());
    }

    /** UTF-8 text of a tree, without white space. */
    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /** Text of a tree, without white space. */
    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** A new empty object. */
    public static ObjectNode object() {
        return WeighedNodes.INSTANCE.objectNode();
    }

    /** A new empty array. */
    public static ArrayNode array() {
        return WeighedNodes.INSTANCE.arrayNode();
    }

    /** A string value. */
    public static JsonNode string(String value) {
        return JsonNodeFactory.instance.stringNode(value);
    }

    private static JsonMapper mapper(int maxDepth, int maxNameLength, int maxNumberLength) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxNameLength(maxNameLength)
                .maxNumberLength(maxNumberLength)
                .maxStringLength(Integer.MAX_VALUE)
                .build();
        return used(JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .nodeFactory(WeighedNodes.INSTANCE)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build());
    }

    /** Jackson makes readers and writers of a type under a lock when they are first needed, which must not be on event loops. */
    private static JsonMapper used(JsonMapper mapper) {
        byte[] written = mapper.writeValueAsBytes(mapper.readTree("{}"));
        assert written.length == 2;
        return mapper;
    }

    /** Where a bound was broken: Jackson's exception does not say, its parser does. */
    private static TokenStreamLocation breach(byte[] text) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            try {
                while (parser.nextToken() != null) {
                    parser.getString();
                }
            } catch (JacksonException e) {
                return parser.currentLocation();
            }
            return parser.currentLocation();
        }
    }

    private static SluiceException invalid(String detail, TokenStreamLocation location) {
        return invalid(detail, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }

    private static SluiceException invalid(String detail, int line, int column) {
        return new SluiceException(
                ProblemType.INVALID_REQUEST,
                "The body is not valid JSON (line " + line + ", column " + column + ").",
                List.of(new Violation("", line, column, detail)));
    }
}
