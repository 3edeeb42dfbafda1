package dev.sluice.gateway.key;

import tools.jackson.databind.node.ObjectNode;

/** A key with its secret, which is shown once. */
public record NewKey(ApiKey key, String secret) {

    /** With the secret: for its owner's eyes. */
    public ObjectNode json() {
        return key.json().put("key", secret);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "NewKey[" + key + "]";
    }
}
