package dev.sluice.gateway.session;

import tools.jackson.databind.node.ObjectNode;

/** A session with its secret, which is shown once. */
record NewSession(Session session, String secret, Current current) {

    /** With the secret: for the person's eyes. */
    ObjectNode json() {
        return withoutSecret().put("session", secret);
    }

    ObjectNode withoutSecret() {
        ObjectNode json = session.json();
        json.setAll(current.json());
        return json;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "NewSession[" + session + "]";
    }
}
