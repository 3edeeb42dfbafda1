package dev.sluice.executor.definition;

/** Namespace, name and semantic version: what identifies a document inside an organization. */
public record WorkflowName(String namespace, String name, String version) {

    /** {@code namespace/name}, as it stands in paths and filters. */
    public String path() {
        return namespace + '/' + name;
    }
}
