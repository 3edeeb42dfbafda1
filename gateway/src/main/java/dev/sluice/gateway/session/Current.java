package dev.sluice.gateway.session;

import dev.sluice.gateway.person.Person;
import dev.sluice.gateway.session.SessionStore.Membership;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who somebody is.
 *
 * @param organization  the one they act in
 * @param organizations all they belong to
 */
record Current(Person person, OrganizationId organization, List<Membership> organizations) {

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.set("person", person.json());
        json.put("organization", organization.toString());
        ArrayNode all = json.putArray("organizations");
        organizations.forEach(
                each -> all.addObject().put("id", each.id().toString()).put("name", each.name()));
        return json;
    }
}
