package dev.sluice.executor.deployment;

import dev.sluice.executor.definition.WorkflowName;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/**
 * A deployed version of a workflow.
 *
 * @param id     of the stored document
 * @param digest SHA-256 of the document
 */
public record Deployment(UUID id, WorkflowName name, ByteBuffer digest, Instant deployedAt) {}
