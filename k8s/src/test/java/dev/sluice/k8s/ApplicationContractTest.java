package dev.sluice.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests against the two {@code application.yml}: ports, probes, variables. */
final class ApplicationContractTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(SLUICE_[A-Z_]+)(?::([^}]*))?}");

    /** Has a default that is right in a cluster too, or none is needed. */
    private static final Set<String> MAY_BE_ABSENT = Set.of("SLUICE_BOOTSTRAP_API_KEY");

    @CsvSource({"executor,h2c", "gateway,http"})
    @ParameterizedTest
    void portsAreTheApplications(String service, String port) {
        Tree application = application(service);

        assertThat(resolved(service, application.at("server").text("port")))
                .isEqualTo(Containers.port(Containers.of(service), port));
        assertThat(resolved(service, application.at("management").at("server").text("port")))
                .isEqualTo(Containers.port(Containers.of(service), "management"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"executor", "gateway"})
    void probesAskWhatTheApplicationAnswers(String service) {
        Tree management = application(service).at("management");

        assertThat(management.at("endpoint").at("health").at("probes").text("enabled"))
                .isEqualTo("true");
        assertThat(management.at("endpoints").at("web").at("exposure").text("include"))
                .contains("health", "prometheus");
        assertThat(probe(service, "readinessProbe")).isEqualTo("/actuator/health/readiness");
        assertThat(probe(service, "livenessProbe")).isEqualTo("/actuator/health/liveness");
        assertThat(probe(service, "startupProbe")).isEqualTo("/actuator/health/liveness");
    }

    @ParameterizedTest
    @ValueSource(strings = {"executor", "gateway"})
    void everyVariableIsUsedAndEveryOneNeededIsSet(String service) {
        String text = Manifest.text(file(service));
        Set<String> used = new TreeSet<>();
        PLACEHOLDER.matcher(text).results().forEach(match -> used.add(match.group(1)));
        Set<String> given = Containers.variables(Containers.of(service));
        // Read by shared's logging set-up, straight from the environment.
        given.remove("SLUICE_LOG_FORMAT");

        assertThat(used).containsAll(given);
        used.removeAll(MAY_BE_ABSENT);
        assertThat(given).containsAll(used);
    }

    private static String probe(String service, String name) {
        Tree get = Containers.of(service).at(name).at("httpGet");
        assertThat(get.text("port")).isEqualTo("management");
        return get.text("path");
    }

    /** A placeholder's value in the cluster: the manifest's, else the default. */
    private static int resolved(String service, String text) {
        Matcher placeholder = PLACEHOLDER.matcher(text);
        assertThat(placeholder.matches()).isTrue();
        String value = Containers.of(service).list("env").stream()
                .filter(variable -> variable.text("name").equals(placeholder.group(1)))
                .map(variable -> variable.text("value"))
                .findFirst()
                .orElseGet(() -> placeholder.group(2));
        return Integer.parseInt(value);
    }

    private static Tree application(String service) {
        return Manifest.parse(Manifest.text(file(service)), service);
    }

    private static Path file(String service) {
        return Path.of("..", service, "src", "main", "resources", "application.yml");
    }
}
