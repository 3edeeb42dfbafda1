package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may use a cookie that is not for TLS only, by what a proxy says that has ended TLS. */
final class CookieBehindProxyIT {

    @Test
    void theSiteIsOneOfTlsWhereABelievedProxySaysSo() {
        try (People people = start("127.0.0.1")) {
            String cookie = cookie(people);
            assertThat(posted(people, cookie, "http", "X-Forwarded-Proto", "https"))
                    .isEqualTo(403);
            assertThat(posted(people, cookie, "https", "X-Forwarded-Proto", "https"))
                    .isEqualTo(201);
            assertThat(posted(people, cookie, "http", "X-Forwarded-Proto", "http"))
                    .isEqualTo(201);
            assertThat(posted(people, cookie, "http")).isEqualTo(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", ""})
    void nobodyElseIsHeard(String trusted) {
        try (People people = start(trusted)) {
            assertThat(posted(people, cookie(people), "http", "X-Forwarded-Proto", "https"))
                    .isEqualTo(201);
        }
    }

    private static People start(String trusted) {
        return People.start("sluice.edge.trusted-proxies=" + trusted, "sluice.identity.sessions.secure-cookie=false");
    }

    private static String cookie(People people) {
        String owner = people.gateway().newOrganization("behind a proxy");
        return "sluice-session=" + people.member(owner, "behind@example.com", "admin");
    }

    private static int posted(People people, String cookie, String scheme, String... more) {
        String origin = scheme + "://127.0.0.1:" + people.gateway().port();
        List<String> headers =
                new ArrayList<>(List.of("Cookie", cookie, "Content-Type", "application/json", "Origin", origin));
        headers.addAll(List.of(more));
        return people.gateway()
                .post("/v1/api-keys", "{\"name\":\"c\",\"role\":\"viewer\"}", headers.toArray(String[]::new))
                .status();
    }
}
