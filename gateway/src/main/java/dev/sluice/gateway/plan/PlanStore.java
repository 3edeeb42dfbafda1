package dev.sluice.gateway.plan;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.quota.Period;
import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The SQL of {@code identity.plan} and {@code identity.quota}. */
final class PlanStore {

    /** Plans that an installation has at most. */
    static final int MOST = 100;

    private static final String LIST = """
            select name, allowances::text as allowances, costs::text as costs from identity.plan order by name""";

    private static final String PUT = """
            insert into identity.plan (name, allowances, costs) values ($1, $2::jsonb, $3::jsonb)
            on conflict (name) do update
                set allowances = excluded.allowances, costs = excluded.costs, changed_at = now()""";

    private static final String DELETE = "delete from identity.plan where name = $1";

    /** It stays until the transaction ends. */
    private static final String LOCK = "select name from identity.plan where name = $1 for key share";

    private static final String ORGANIZATION = "select id from identity.organization where id = $1";

    private static final String SET = """
            insert into identity.quota (organization_id, plan, allowances) values ($1, $2, $3::jsonb)
            on conflict (organization_id) do update set plan = excluded.plan, allowances = excluded.allowances""";

    private static final String SETTING = """
            select plan, allowances::text as allowances from identity.quota where organization_id = $1""";

    private static final String USAGE = """
            select kind, period, allowance, used from identity.own_usage($1::text::date)
            order by kind = 'credits', kind, period""";

    Mono<List<Plan>> list(Connection connection) {
        return Rows.all(connection.createStatement(LIST), PlanStore::plan).collectList();
    }

    Mono<Void> put(Connection connection, Plan plan) {
        return Rows.written(connection
                        .createStatement(PUT)
                        .bind(0, plan.name())
                        .bind(1, Json.text(plan.allowances().json()))
                        .bind(2, Json.text(plan.costsJson())))
                .then();
    }

    /** False when there was none. */
    Mono<Boolean> delete(Connection connection, String name) {
        return Rows.anyWritten(connection.createStatement(DELETE).bind(0, name));
    }

    Mono<Boolean> lock(Connection connection, String name) {
        return Rows.first(connection.createStatement(LOCK).bind(0, name), row -> true)
                .map(Optional::isPresent);
    }

    /** Whether the transaction's organization sees this one: itself, or one right below it. */
    Mono<Boolean> sees(Connection connection, OrganizationId organization) {
        return Rows.first(connection.createStatement(ORGANIZATION).bind(0, organization.value()), row -> true)
                .map(Optional::isPresent);
    }

    Mono<Void> set(Connection connection, OrganizationId organization, @Nullable String plan, Allowances exceptions) {
        Statement statement = connection.createStatement(SET).bind(0, organization.value());
        Rows.bind(statement, 1, String.class, plan);
        return Rows.written(statement.bind(2, Json.text(exceptions.json()))).then();
    }

    /** How the transaction's organization stands. */
    Mono<Standing> standing(Connection connection, OrganizationId organization, LocalDate today) {
        return Rows.first(connection.createStatement(SETTING).bind(0, organization.value()), PlanStore::setting)
                .map(found -> found.orElse(Setting.NONE))
                .flatMap(setting -> Rows.all(
                                connection.createStatement(USAGE).bind(0, today.toString()), PlanStore::quota)
                        .collectList()
                        .map(quotas -> new Standing(setting.plan, setting.exceptions, today, quotas)));
    }

    private record Setting(@Nullable String plan, JsonNode exceptions) {

        static final Setting NONE = new Setting(null, Json.object());
    }

    private static Setting setting(Row row) {
        return new Setting(row.get("plan", String.class), json(row, "allowances"));
    }

    private static Standing.Quota quota(Row row) {
        return new Standing.Quota(
                Columns.required(row, "kind", String.class),
                Period.of(Columns.required(row, "period", String.class)).orElseThrow(),
                row.get("allowance", BigDecimal.class),
                Columns.required(row, "used", BigDecimal.class));
    }

    private static Plan plan(Row row) {
        ObjectNode terms = Json.object();
        terms.set("allowances", json(row, "allowances"));
        terms.set("costs", json(row, "costs"));
        return Plan.of(Columns.required(row, "name", String.class), new Fields(terms));
    }

    private static JsonNode json(Row row, String column) {
        return Json.trusted(Columns.required(row, column, String.class).getBytes(StandardCharsets.UTF_8));
    }
}
