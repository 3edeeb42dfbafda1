package dev.sluice.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.access.Route;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

final class OpenApiTest {

    @Test
    void hasNoRouteThatNothingIsWrittenAbout() {
        Route unheard = Route.own(HttpMethod.GET, "/v1/moon/{phase}", Permission.RUNS_READ);
        assertThatIllegalStateException()
                .isThrownBy(() -> OpenApi.of(List.of(unheard)))
                .withMessageContaining("not written about: [get /v1/moon/{phase}]");
    }

    @Test
    void saysNothingOfWhatIsNotServed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> OpenApi.of(List.of()))
                .withMessageContaining("not served: [delete /v1/account/consents/{purpose}, ")
                .satisfies(error -> assertThat(error.getMessage())
                        .doesNotContain("/hooks/", "post /v1/sessions,", "login-providers"));
    }
}
