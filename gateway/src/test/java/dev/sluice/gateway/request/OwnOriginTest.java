package dev.sluice.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest.BodyBuilder;

final class OwnOriginTest {

    @ParameterizedTest
    @CsvSource({
        "http://site.example,       http,  false, true",
        "https://site.example,      https, false, true",
        "https://site.example,      http,  false, true",
        "http://site.example,       https, false, false",
        "http://site.example,       http,  true,  false",
        "https://site.example,      http,  true,  true",
        "http://site.example:8080,  http,  false, false",
        "https://other.example,     https, false, false",
        "https://site.example.evil, https, false, false",
        "ftp://site.example,        https, false, false",
        "null,                      http,  false, false",
        "https://[,                 https, false, false",
    })
    void goesByHostAndScheme(String origin, String scheme, boolean tls, boolean own) {
        assertThat(OwnOrigin.isSaid(to(scheme).header("Origin", origin).build(), tls))
                .isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({"same-origin, true", "same-site, false", "cross-site, false", "none, false", "'', false"})
    void goesByTheBrowsersWordFirst(String site, boolean own) {
        BodyBuilder request = to("https").header("Sec-Fetch-Site", site);
        assertThat(OwnOrigin.isSaid(request.build(), true)).isEqualTo(own);
        request.header("Origin", own ? "https://other.example" : "https://site.example");
        assertThat(OwnOrigin.isSaid(request.build(), true)).isEqualTo(own);
    }

    @Test
    void isNotSaidByNothingNorByTwoAtOnce() {
        assertThat(OwnOrigin.isSaid(to("http").build(), false)).isFalse();
        String own = "http://site.example";
        assertThat(OwnOrigin.isSaid(to("http").header("Origin", own, own).build(), false))
                .isFalse();
        assertThat(OwnOrigin.isSaid(
                        MockServerHttpRequest.post("/").header("Origin", "null").build(), false))
                .as("no host at all")
                .isFalse();
    }

    private static BodyBuilder to(String scheme) {
        BodyBuilder request = MockServerHttpRequest.post(scheme + "://site.example/v1/api-keys");
        request.header("Host", "site.example");
        return request;
    }
}
