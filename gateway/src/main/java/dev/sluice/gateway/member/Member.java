package dev.sluice.gateway.member;

import dev.sluice.gateway.person.Person;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** Somebody who belongs to an organization. */
record Member(Person person, RoleName role, Instant since) {

    ObjectNode json() {
        return person.json().put("role", role.toString()).put("memberSince", since.toString());
    }
}
