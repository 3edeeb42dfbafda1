package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

final class AccessTableTest {

    private static final Route SHOW = Route.executor(HttpMethod.GET, "/v1/runs/{id}", Permission.RUNS_READ);
    private static final Route CANCEL =
            Route.executor(HttpMethod.POST, "/v1/runs/{id}:cancel", Permission.RUNS_CONTROL);

    private final AccessTable table = new AccessTable(List.of(
            SHOW,
            CANCEL,
            Route.executor(HttpMethod.GET, "/v1/shares/{id}", Permission.SHARES_READ),
            Route.executor(HttpMethod.DELETE, "/v1/shares/{id}", Permission.SHARES_MANAGE)));

    @Test
    void saysWhatARouteTakes() {
        assertThat(find(HttpMethod.GET, "/v1/runs/1")).isEqualTo(new AccessTable.Answer.Found(SHOW));
        assertThat(find(HttpMethod.HEAD, "/v1/runs/1")).isEqualTo(new AccessTable.Answer.Found(SHOW));
        assertThat(find(HttpMethod.POST, "/v1/runs/1:cancel")).isEqualTo(new AccessTable.Answer.Found(CANCEL));
        assertThat(find(HttpMethod.POST, "/v1/runs/1%3Acancel")).isEqualTo(new AccessTable.Answer.Found(CANCEL));
    }

    @Test
    void saysWhichMethodsThereAre() {
        assertThat(find(HttpMethod.PUT, "/v1/shares/1"))
                .isEqualTo(new AccessTable.Answer.OtherMethods(Set.of(HttpMethod.GET, HttpMethod.DELETE)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/runs",
                "/v1/runs/",
                "/v1//runs/1",
                "//v1/runs/1",
                "/v1/runs/1/",
                "/v1/runs/1/events",
                "/V1/runs/1",
                "/v1/runs%2F1",
                "/"
            })
    void closesWhatIsNotInIt(String path) {
        assertThat(find(HttpMethod.GET, path)).isNotInstanceOf(AccessTable.Answer.Found.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1//runs/1:cancel",
                "//v1/runs/1:cancel",
                "/v1/runs/1:cancel/",
                "/v1/runs/1/2:cancel",
                "/V1/runs/1:cancel",
                "/v1/runs%2F1:cancel",
                "/v1/runs/1:Cancel"
            })
    void closesWhatLooksLikeAnAction(String path) {
        assertThat(find(HttpMethod.POST, path)).isNotInstanceOf(AccessTable.Answer.Found.class);
    }

    private AccessTable.Answer find(HttpMethod method, String path) {
        return table.find(method, PathContainer.parsePath(path));
    }
}
