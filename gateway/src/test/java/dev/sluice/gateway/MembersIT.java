package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How people are invited, what they may do, and how they are sent away; on two gateways beside each other. */
final class MembersIT {

    private static RunningGateway gateway;
    private static RunningGateway neighbour;
    private static People people;

    @BeforeAll
    static void start() {
        people = People.start();
        gateway = people.gateway();
        neighbour = people.neighbour();
    }

    @AfterAll
    static void stop() {
        people.close();
    }

    @Test
    void letsAnInvitedPersonInWhoMayDoWhatTheirRoleMay() {
        String owner = gateway.newOrganization("inviting");
        Answer joined = people.accept(people.invite(owner, "Ada@Example.com", "viewer"), "Ada");
        assertThat(joined.status()).isEqualTo(201);
        assertThat(joined.json().path("email").stringValue()).isEqualTo("ada@example.com");

        Answer loggedIn = people.logIn("ADA@example.com", People.PASSWORD);
        assertThat(loggedIn.status()).isEqualTo(201);
        assertThat(loggedIn.header("Set-Cookie"))
                .contains("HTTPOnly")
                .contains("Secure")
                .contains("SameSite=Strict");
        String session = loggedIn.json().path("session").stringValue();
        assertThat(neighbour.getAs(session, "/v1/events").status()).isEqualTo(200);
        assertThat(neighbour
                        .postAs(session, "/v1/endpoints", "{\"name\":\"e\",\"source\":\"github\"}")
                        .status())
                .isEqualTo(403);
        JsonNode current = gateway.getAs(session, "/v1/session").json();
        assertThat(current.path("person").path("name").stringValue()).isEqualTo("Ada");
        assertThat(current.path("organizations").get(0).path("name").stringValue())
                .isEqualTo("inviting");
        assertThat(gateway.getAs(owner, "/v1/session").status()).isEqualTo(403);
        assertThat(people.actions(owner)).contains("invitation.create", "invitation.accept", "session.begin");
    }

    @Test
    void takesAnInvitationOnceHoweverManyAcceptIt() throws Exception {
        String owner = gateway.newOrganization("once");
        String token = people.invite(owner, "once@example.com", "member");
        List<Integer> statuses =
                People.atOnce(8, i -> people.accept(token, "Somebody").status());
        assertThat(statuses).containsOnlyOnce(201);
        assertThat(statuses).allMatch(status -> status == 201 || status == 404 || status == 409);
        assertThat(people.accept(token, "Somebody").status()).isEqualTo(404);
        assertThat(gateway.getAs(owner, "/v1/members").json().path("items")).hasSize(1);
    }

    @Test
    void takesNoInvitationThatWasTakenBackOrIsOverOrForSomebodyElse() {
        String owner = gateway.newOrganization("taken back");
        JsonNode made =
                people.invitation(owner, "back@example.com", "member", "P1D").json();
        assertThat(people.delete(owner, "/v1/invitations/" + made.path("id").stringValue())
                        .status())
                .isEqualTo(204);
        assertThat(people.accept(made.path("token").stringValue(), "B").status())
                .isEqualTo(404);

        JsonNode brief =
                people.invitation(owner, "brief@example.com", "member", "PT1S").json();
        People.await(() ->
                gateway.getAs(owner, "/v1/invitations").json().path("items").isEmpty());
        assertThat(people.accept(brief.path("token").stringValue(), "B").status())
                .isEqualTo(404);

        String session = people.member(owner, "other@example.com", "member");
        String token = people.invite(owner, "not-other@example.com", "member");
        Answer refused = gateway.postAs(session, "/v1/account/invitations", "{\"token\":\"" + token + "\"}");
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void letsNobodyInviteToMoreThanTheyMay() {
        String owner = gateway.newOrganization("modest inviting");
        String admin = people.member(owner, "admin@example.com", "admin");
        assertThat(people.invitation(admin, "x@example.com", "owner", "P1D").status())
                .isEqualTo(403);
        assertThat(people.invitation(admin, "x@example.com", "admin", "P1D").status())
                .isEqualTo(201);
        String viewer = people.member(owner, "viewer@example.com", "viewer");
        assertThat(people.invitation(viewer, "x@example.com", "viewer", "P1D").status())
                .isEqualTo(403);
        assertThat(people.invitation(owner, "x@example.com", "no-such-role", "P1D")
                        .status())
                .isEqualTo(400);
        assertThat(people.invitation(owner, "not an address", "viewer", "P1D").status())
                .isEqualTo(400);
    }

    @Test
    void givesAMemberAnotherRoleAndSendsThemAway() {
        String owner = gateway.newOrganization("changing");
        String session = people.member(owner, "changing@example.com", "viewer");
        String path = "/v1/members/" + people.person(session);
        assertThat(neighbour.getAs(session, "/v1/api-keys").status()).isEqualTo(403);
        assertThat(people.put(owner, path, "{\"role\":\"admin\"}").status()).isEqualTo(200);
        People.awaitSoon(() -> neighbour.getAs(session, "/v1/api-keys").status() == 200);
        assertThat(people.delete(owner, path).status()).isEqualTo(204);
        People.awaitSoon(() -> neighbour.getAs(session, "/v1/api-keys").status() == 401);
        assertThat(people.logIn("changing@example.com", People.PASSWORD).status())
                .isEqualTo(403);
        assertThat(gateway.getAs(owner, path).status()).isEqualTo(404);
    }

    @Test
    void keepsTheLastOwnerWhoeverTakesThemAwayAtOnce() throws Exception {
        String owner = gateway.newOrganization("owned");
        List<String> paths = List.of(
                "/v1/members/" + people.person(people.member(owner, "one@owned.example", "owner")),
                "/v1/members/" + people.person(people.member(owner, "two@owned.example", "owner")));
        List<Integer> statuses =
                People.atOnce(2, i -> people.delete(owner, paths.get(i)).status());
        assertThat(statuses).containsExactlyInAnyOrder(204, 409);
        String left = statuses.get(0) == 409 ? paths.get(0) : paths.get(1);
        assertThat(people.put(owner, left, "{\"role\":\"admin\"}").status()).isEqualTo(409);
    }

    @Test
    void letsAnOrganizationMakeRolesOfItsOwn() {
        String owner = gateway.newOrganization("own roles");
        assertThat(people.put(owner, "/v1/roles/operator", "{\"permissions\":[\"runs:read\",\"runs:control\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(people.put(owner, "/v1/roles/admin", "{\"permissions\":[]}").status())
                .isEqualTo(400);
        assertThat(people.put(owner, "/v1/roles/Bad_Name", "{\"permissions\":[]}")
                        .status())
                .isEqualTo(400);
        assertThat(people.put(owner, "/v1/roles/x", "{\"permissions\":[\"moon:walk\"]}")
                        .status())
                .isEqualTo(400);
        assertThat(people.put(owner, "/v1/roles/x", "{}").status()).isEqualTo(400);
        String session = people.member(owner, "operator@example.com", "operator");
        assertThat(neighbour.getAs(session, "/v1/events").status()).isEqualTo(403);
        assertThat(people.put(owner, "/v1/roles/operator", "{\"permissions\":[\"events:read\"]}")
                        .status())
                .isEqualTo(200);
        People.awaitSoon(() -> neighbour.getAs(session, "/v1/events").status() == 200);
        assertThat(people.delete(owner, "/v1/roles/operator").status()).isEqualTo(409);
        assertThat(people.put(owner, "/v1/members/" + people.person(session), "{\"role\":\"viewer\"}")
                        .status())
                .isEqualTo(200);
        assertThat(people.delete(owner, "/v1/roles/operator").status()).isEqualTo(204);
        assertThat(people.delete(owner, "/v1/roles/operator").status()).isEqualTo(404);

        String admin = people.member(owner, "roles-admin@example.com", "admin");
        assertThat(people.put(admin, "/v1/roles/boss", "{\"permissions\":[\"organizations:manage\"]}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void letsAKeyThatEndsMakeNothingThatLasts() {
        String owner = gateway.newOrganization("ending");
        String brief = gateway.postAs(
                        owner,
                        "/v1/api-keys",
                        "{\"name\":\"b\",\"expiresAt\":\"" + gateway.now().plusSeconds(3600) + "\"}")
                .json()
                .path("key")
                .stringValue();
        assertThat(people.invitation(brief, "lasting@example.com", "viewer", "P1D")
                        .status())
                .isEqualTo(403);
    }
}
