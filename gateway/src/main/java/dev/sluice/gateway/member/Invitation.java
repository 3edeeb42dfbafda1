package dev.sluice.gateway.member;

import dev.sluice.gateway.person.Email;
import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * Somebody may come and belong to an organization, once.
 *
 * @param invitedBy as the audit log names them
 */
record Invitation(UUID id, Email email, RoleName role, String invitedBy, Instant createdAt, Instant expiresAt) {

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.toString());
        json.put("email", email.value());
        json.put("role", role.toString());
        json.put("invitedBy", invitedBy);
        json.put("createdAt", createdAt.toString());
        json.put("expiresAt", expiresAt.toString());
        return json;
    }

    /**
     * One with its secret, which is shown once.
     *
     * @param mailed whether it is on its way to the one who is invited; still the secret is for the inviter too
     */
    record New(Invitation invitation, String token, boolean mailed) {

        /** With the secret: for whoever passes it on. */
        ObjectNode json() {
            return invitation.json().put("token", token).put("mailed", mailed);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "New[" + invitation + "]";
        }
    }
}
