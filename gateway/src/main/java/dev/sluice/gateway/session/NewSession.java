package dev.sluice.gateway.session;

import tools.jackson.databind.node.ObjectNode;

/** A session with its secret, which is shown once. */
record NewSession(Session session, String secret, Current current) {

    /** With the secret: for the person's eyes. */
    ObjectNode json() {
        ObjectNode json = session.json();
        json.put("session", secret);
        json.setAll(current.json());
        return json;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "NewSession[" + session + "]";
    }
}
