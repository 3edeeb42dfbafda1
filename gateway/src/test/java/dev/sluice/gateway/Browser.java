package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import java.net.HttpCookie;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Somebody's browser, as far as logins by providers need one: it keeps cookies and follows nothing. */
final class Browser {

    static final String FLOW = "__Host-sluice-login";
    static final String SESSION = "__Host-sluice-session";

    private final Map<String, String> cookies = new TreeMap<>();

    /** Begins a login; where it is sent. */
    String begin(RunningGateway gateway, String provider, String body) {
        Answer begun =
                gateway.post("/v1/login-providers/" + provider + ":begin", body, "Content-Type", "application/json");
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        keep(begun);
        return begun.json().path("url").stringValue();
    }

    /** Comes back from the provider. */
    Answer callback(RunningGateway gateway, String provider, String query) {
        String path = "/v1/login-providers/" + provider + "/callback?" + query;
        Answer answer = cookies.isEmpty() ? gateway.get(path) : gateway.get(path, "Cookie", header());
        keep(answer);
        return answer;
    }

    Answer get(RunningGateway gateway, String path) {
        return gateway.get(path, "Cookie", header());
    }

    String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }

    void set(String name, String value) {
        cookies.put(name, value);
    }

    private String header() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    private void keep(Answer answer) {
        for (String header : answer.response().headers().allValues("Set-Cookie")) {
            assertThat(header).containsIgnoringCase("; HttpOnly").contains("; Secure", "; Path=/");
            List<HttpCookie> parsed = new ArrayList<>(HttpCookie.parse(header));
            parsed.forEach(cookie -> {
                if (cookie.getMaxAge() == 0) {
                    cookies.remove(cookie.getName());
                } else {
                    cookies.put(cookie.getName(), cookie.getValue());
                }
            });
        }
    }
}
