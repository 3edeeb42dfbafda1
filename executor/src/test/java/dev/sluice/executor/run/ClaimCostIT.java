package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a look at the due runs costs where many wait, counted in pages, which do not depend on the machine. */
class ClaimCostIT {

    private static final int ROWS = Integer.getInteger("sluice.test.rows", 60_000);
    private static final int ORGANIZATIONS = Integer.getInteger("sluice.test.organizations", 1_500);
    private static final int CHUNK = 20_000;
    private static final UUID NODE = Ids.next();

    private final OrganizationId flood = new OrganizationId(UUID.randomUUID());
    private final ExecutorDatabase database = new ExecutorDatabase();

    /** Most wait for a timer, over many organizations and priorities; one organization has a tenth of them, due. */
    @BeforeEach
    void fill() {
        UUID definition = UUID.fromString(
                database.value("select definition_id from workflow.run where id = '" + database.run(flood) + "'"));
        database.sql(
                "insert into workflow.node (id, name, lease_until) values ('" + NODE + "', 'n', now() + '1 hour')");
        for (int from = 1; from <= ROWS; from += CHUNK) {
            addWaiting(definition, from, Math.min(ROWS, from + CHUNK - 1));
        }
        database.sql("insert into workflow.run (id, organization_id, definition_id, status, input, created_at, wake_at,"
                + " priority) select uuidv7(), '" + flood + "', '" + definition
                + "', 'pending', '{}', now(), now() - interval '1 hour' + i * interval '1 millisecond', i % 8"
                + " from generate_series(1, " + ROWS / 10 + ") i");
        database.sql("vacuum analyze workflow.run");
        database.sql("create function workflow.explained(query text) returns text language plpgsql as $f$"
                + " declare plan json; begin execute 'explain (analyze, buffers, format json) ' || query into plan;"
                + " return plan::text; end $f$");
    }

    private void addWaiting(UUID definition, int from, int to) {
        database.sql("insert into workflow.run (id, organization_id, definition_id, status, input, created_at, wake_at,"
                + " priority) select uuidv7(), md5((i % " + ORGANIZATIONS + ")::text)::uuid, '" + definition
                + "', 'waiting', '{\"some\":\"input of a usual size, give or take\"}', now(),"
                + " now() + interval '1 hour' + i * interval '1 millisecond', i % 4 from generate_series(" + from + ", "
                + to + ") i");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void looksAtNoMoreThanItsWindow() {
        JsonNode plan = explain(DueStore.DUE.replace("$1", Integer.toString(Turns.WINDOW)));
        assertThat(pages(plan)).isLessThan(3 * Turns.WINDOW / 2);
    }

    @Test
    void goesRoundTheOrganizationsByAFewProbesEach() {
        JsonNode plan = explain(DueStore.ORGANIZATIONS
                .replace("$1", "'00000000-0000-0000-0000-000000000000'::uuid")
                .replace("$2", Integer.toString(Turns.ROUND)));
        // One probe for the next organization, and one for each of its priorities that may have something due.
        assertThat(pages(plan)).isLessThan(Turns.ROUND * 45);
    }

    @Test
    void takesTheFirstOfAnOrganizationWithoutReadingTheRest() {
        JsonNode plan = explain(ClaimStore.CLAIM
                .replace("$1", "'" + NODE + "'::uuid")
                .replace("$2", "array['" + flood + "', md5('7'), md5('8')]")
                .replace("$3", "array[100, 100, 100]")
                .replace("$4", "10")
                .replace("$5", "1000000")
                .replace("$6", "3")
                .replace("$7", "3"));
        assertThat(pages(plan)).isLessThan(100 * 60);
    }

    private JsonNode explain(String query) {
        String text = database.value("select workflow.explained($sql$" + query + "$sql$)");
        JsonNode plan = Json.read(text.getBytes(StandardCharsets.UTF_8)).path(0);
        System.out.println("ClaimCostIT: " + ROWS + " rows, " + ORGANIZATIONS + " organizations: " + pages(plan)
                + " pages, " + plan.path("Execution Time").asDouble() + " ms\n" + plan);
        return plan;
    }

    private static long pages(JsonNode plan) {
        return plan.path("Plan").path("Shared Hit Blocks").asLong()
                + plan.path("Plan").path("Shared Read Blocks").asLong();
    }
}
