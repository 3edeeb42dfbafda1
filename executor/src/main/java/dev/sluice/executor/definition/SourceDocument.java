package dev.sluice.executor.definition;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A document as a tree, and where in its text each value stands.
 *
 * @param root   the tree
 * @param places by JSON pointer: the key of a property, the first character of an element; empty for a tree without text
 */
record SourceDocument(JsonNode root, Map<String, Place> places) {}
