package dev.sluice.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The plans that the engine's connections make and keep for statements with parameters. The tables are as small as in the
 * minute after an installation, when a plan that reads them as a whole looks best and is worst soon after.
 */
public final class Plans {

    private final ExecutorDatabase database;

    public Plans(ExecutorDatabase database) {
        this.database = database;
        prepare(database);
    }

    /** Lets the services' logins see their plans, over tables that are known to be empty. */
    static void prepare(ExecutorDatabase database) {
        database.sql("create function workflow.planned(query text) returns setof text language plpgsql as $f$"
                + " begin return query execute 'explain (generic_plan, costs off) ' || query; end $f$");
        database.sql("grant execute on function workflow.planned to sluice_engine, sluice_api");
        database.sql("analyze workflow.run");
    }

    /** Live runs are found by their ids, one by one, and in no other way. */
    public void assertRunsAreFoundById(String statement) {
        String plan = planned(statement);
        assertThat(plan)
                .containsPattern("run_pkey on run r|run_organization on run r\\s+Index Cond: \\(\\(organization_id");
        assertThat(plan).doesNotContain("Seq Scan on run", "run_node", "Hash Join", "Merge Join");
    }

    /** Which runs are a node's is known by the index for that, once for all of them, and then they are found by their ids. */
    public void assertRunsAreFoundByNode(String statement) {
        String plan = planned(statement);
        assertThat(plan)
                .containsPattern("run_node on run\\s+Index Cond: \\(node = gone.id\\)")
                .containsPattern("run_pkey on run r\\s+Index Cond: \\(id = ANY")
                .contains("CTE gone", "CTE free");
        assertThat(plan).doesNotContain("Seq Scan on run", "Hash Join", "Merge Join");
    }

    private String planned(String statement) {
        return planned(database.engine(), statement);
    }

    /** As connections of a pool plan it. */
    static String planned(ConnectionPool pool, String statement) {
        return Mono.usingWhen(pool.create(), connection -> planned(connection, statement), Connection::close)
                .blockOptional()
                .orElseThrow();
    }

    private static Mono<String> planned(Connection connection, String statement) {
        return Flux.from(connection
                        .createStatement("select workflow.planned($1)")
                        .bind(0, statement)
                        .execute())
                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, String.class))))
                .reduce("", (plan, line) -> plan + line + '\n');
    }
}
