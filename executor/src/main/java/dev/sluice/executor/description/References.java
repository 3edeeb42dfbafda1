package dev.sluice.executor.description;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The other documents that a description of an API refers to. */
@FunctionalInterface
public interface References {

    /**
     * The document at an address; null while it has yet to be fetched.
     *
     * @param uri absolute, without a fragment
     * @throws DescriptionException if it cannot be had
     */
    @Nullable
    JsonNode document(URI uri) throws DescriptionException;
}
