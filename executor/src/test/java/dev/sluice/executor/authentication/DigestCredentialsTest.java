package dev.sluice.executor.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.StepVerifier;

final class DigestCredentialsTest {

    private static final DigestCredentials MUFASA = new DigestCredentials("Mufasa", "Circle of Life");
    private static final OutboundRequest REQUEST = new OutboundRequest(
            "GET", URI.create("http://www.example.org/dir/index.html"), Map.of(), null, Duration.ofSeconds(1), 1_000);

    /** The example of RFC 7616, section 3.9.1. */
    @ParameterizedTest
    @CsvSource({
        "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        "MD5,     8ca523f5e9506fed4657c9700eebdbec"
    })
    void answersAsTheStandardDoes(String algorithm, String response) {
        Map<String, String> challenge = Map.of(
                "realm", "http-auth@example.org",
                "qop", "auth, auth-int",
                "algorithm", algorithm,
                "nonce", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                "opaque", "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS");

        assertThat(MUFASA.answer(challenge, REQUEST, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"))
                .isEqualTo(answer(algorithm, response));
    }

    private static String answer(String algorithm, String response) {
        return "username=\"Mufasa\", realm=\"http-auth@example.org\","
                + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\","
                + " response=\"" + response + "\", algorithm=" + algorithm + ", qop=auth, nc=00000001,"
                + " cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\","
                + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
    }

    @Test
    void takesTheStrongestOfSeveralChallenges() {
        StepVerifier.create(
                        MUFASA.challenged(
                                REQUEST,
                                challenged(
                                        "Basic realm=\"x\", Digest realm=\"a\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"",
                                        "Digest realm=\"a \\\"b\\\"\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth-int,auth\"")))
                .assertNext(authorization -> assertThat(authorization.header())
                        .startsWith("Digest username=\"Mufasa\", realm=\"a \\\"b\\\"\", nonce=\"n2\"")
                        .contains("algorithm=SHA-256", "qop=auth"))
                .verifyComplete();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic realm=\"x\"                                             | no digest authentication that is known",
                "Digest realm=\"x\", nonce=\"n\", algorithm=WHIRLPOOL           | no digest authentication that is known",
                "Digest realm=\"x\", nonce=\"n\", qop=\"auth-int\"              | a digest of the body",
                "Digest                                                        | no digest authentication that is known"
            })
    void saysWhatItCannotAnswer(String header, String reason) {
        StepVerifier.create(MUFASA.challenged(REQUEST, challenged(header)))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(AuthenticationException.class)
                        .hasMessageContaining(reason));
    }

    @Test
    void readsLongHeadersAndNoEndlessOnes() {
        String header = "Digest realm=\"" + "a\\\"".repeat(2_000) + "\", nonce=n, algorithm=MD5";
        StepVerifier.create(MUFASA.challenged(REQUEST, challenged(header)))
                .expectNextCount(1)
                .verifyComplete();
        StepVerifier.create(MUFASA.challenged(REQUEST, challenged("Digest realm=\"" + "a".repeat(30_000) + "\"")))
                .verifyError(AuthenticationException.class);
    }

    private static OutboundResponse challenged(String... headers) {
        return new OutboundResponse(401, Map.of("www-authenticate", List.of(headers)), new byte[0]);
    }
}
