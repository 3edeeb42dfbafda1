package dev.sluice.gateway.cors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginsTest {

    private static final Origins ORIGINS = origins(
            "https://app.example",
            "http://localhost:3000",
            "https://[::1]:8443",
            "https://*.shop.example",
            "https://*.shop.example:8443",
            "https://xn--bcher-kva.example");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example",
                "http://localhost:3000",
                "https://[::1]:8443",
                "https://a.shop.example",
                "https://x-1.shop.example:8443",
                "https://xn--bcher-kva.example"
            })
    void areThoseThatWereWritten(String origin) {
        assertThat(ORIGINS.contain(origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "*",
                "https://",
                "://",
                ".",
                "http://app.example",
                "https://app.example:443",
                "https://app.example:8443",
                "https://app.example.",
                "https://APP.example",
                "HTTPS://app.example",
                "https://app.example/",
                "https://app.example ",
                "https://app.example,https://evil.example",
                "https://evil.example#https://app.example",
                "https://user@app.example",
                "https://app.example.evil.example",
                "https://evilapp.example",
                "https://bücher.example",
                "https://shop.example",
                "https://.shop.example",
                "https://*.shop.example",
                "https://a.b.shop.example",
                "https://evil.example/.shop.example",
                "https://evil@a.shop.example",
                "https://a%2e.shop.example",
                "https://a.shop.example.",
                "http://a.shop.example",
                "https://ashop.example",
                "http://localhost",
                "http://localhost:30000"
            })
    void areNoOthers(String origin) {
        assertThat(ORIGINS.contain(origin)).isFalse();
    }

    @Test
    void areNotLookedForInWhatNoBrowserSends() {
        assertThat(ORIGINS.contain("https://" + "a".repeat(100_000) + ".shop.example"))
                .isFalse();
        assertThat(IntStream.range(0, 5000).mapToObj(i -> "https://a" + i + ".example"))
                .noneMatch(ORIGINS::contain);
        assertThat(origins(IntStream.range(0, 200)
                                .mapToObj(i -> "https://a" + i + ".example")
                                .toArray(String[]::new))
                        .contain("https://a199.example"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example:443,https://app.example",
        "http://app.example:80,http://app.example",
        "http://app.example:443,http://app.example:443",
        "https://*.app.example:443,https://*.app.example"
    })
    void areKeptWithoutThePortThatTheSchemeHas(String written, String kept) {
        assertThat(Origins.read(written)).contains(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "app.example",
                "https://",
                "https://*",
                "https://*.example",
                "https://*.*.example.com",
                "https://a*.example.com",
                "https://a.*.example.com",
                "https://App.example",
                "https://app.example/",
                "https://app.example.",
                "https://app.example:0",
                "https://app.example:65536",
                "https://app.example:",
                "https://bücher.example",
                "https://user@app.example",
                "https://a b.example",
                "file:///",
                "ftp://app.example",
                "https://-app.example"
            })
    void areNothingThatNoBrowserSends(String written) {
        assertThat(Origins.read(written)).isEmpty();
    }

    private static Origins origins(String... written) {
        return Origins.of(List.of(written).stream()
                .map(text -> Origins.read(text).orElseThrow())
                .toList());
    }
}
