package dev.sluice.gateway.openapi;

import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document that is served, and by which is told what is deprecated.
 *
 * @param tree not to be changed
 */
public record ApiDocument(ObjectNode tree) {}
