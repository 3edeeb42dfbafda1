package dev.sluice.executor.description;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a value in a description is, by where it is. References are in the description itself: a {@code $ref} in an author's data is a
 * member like any other (JSON Schema Core, "Keyword Behaviors": references are keywords of schemas).
 */
public enum Part {
    /** An object with members that the specification names: a schema, an operation, a message. */
    DESCRIPTION {
        @Override
        public Part member(String name) {
            return DATA_NAMES.contains(name) ? DATA : GROUPS.contains(name) ? NAMES : DESCRIPTION;
        }
    },
    /** An object with members that the author names, such as {@code properties}: one that is called {@code default} is no default. */
    NAMES {
        @Override
        public Part member(String name) {
            return DESCRIPTION;
        }
    },
    /** A file that describes nothing as a whole and has parts that others refer to, each by itself or in groups. */
    FILE {
        @Override
        public Part member(String name) {
            return GROUPS.contains(name) ? NAMES : DESCRIPTION;
        }
    },
    /** A value that an author gives. */
    DATA {
        @Override
        public Part member(String name) {
            return DATA;
        }
    };

    private static final Set<String> DATA_NAMES = Set.of("const", "default", "enum", "example", "examples");

    /** Of schemas, OpenAPI and AsyncAPI. Where one of them is a list its elements are descriptions. */
    private static final Set<String> GROUPS = Set.of(
            "$defs",
            "callbacks",
            "channels",
            "content",
            "definitions",
            "dependencies",
            "dependentSchemas",
            "encoding",
            "messages",
            "operations",
            "parameters",
            "pathItems",
            "paths",
            "patternProperties",
            "properties",
            "requestBodies",
            "responses",
            "schemas",
            "servers",
            "variables");

    /** What a document that others refer to is as a whole. */
    public static Part whole(JsonNode document) {
        return document.isObject() && document.valueStream().allMatch(JsonNode::isObject) ? FILE : DESCRIPTION;
    }

    /** What a member is. */
    public abstract Part member(String name);

    /** What an element of a list is. */
    public Part element() {
        return this == DATA ? DATA : DESCRIPTION;
    }
}
