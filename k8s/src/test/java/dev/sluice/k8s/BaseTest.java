package dev.sluice.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The base is complete in itself: strict YAML, known fields, names and labels that meet. */
final class BaseTest {

    @Test
    void kustomizationListsExactlyTheFilesThatAreThere() {
        Manifest kustomization = Manifest.read(Manifest.KUSTOMIZATION);

        assertThat(kustomization.tree().names()).containsExactlyInAnyOrder("apiVersion", "kind", "resources");
        assertThat(kustomization.tree().texts("resources"))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(Manifest.files().stream()
                        .filter(file -> !file.equals(Manifest.KUSTOMIZATION))
                        .toList());
    }

    @Test
    void everyManifestHasOnlyKnownFieldsAndNoNamespace() {
        assertThat(Manifest.all()).isNotEmpty().allSatisfy(manifest -> {
            assertThat(KnownFields.unknownIn(manifest.tree())).isEmpty();
            assertThat(manifest.tree().at("metadata").at("labels").text("app.kubernetes.io/part-of"))
                    .isEqualTo("sluice");
        });
    }

    @Test
    void refusesDuplicateKeysAndUnknownFields() {
        assertThatThrownBy(() -> Manifest.parse("kind: Service\nkind: Deployment\n", "canary"))
                .isInstanceOf(YamlEngineException.class)
                .hasMessageContaining("duplicate key");
        Tree misspelt = Manifest.parse("{kind: Service, metadata: {name: a}, spec: {port: 1}, sepc: {}}", "canary");
        assertThat(KnownFields.unknownIn(misspelt)).containsExactlyInAnyOrder("canary.sepc", "canary.spec.port");
    }

    @Test
    void namesAreUniquePerKind() {
        assertThat(Manifest.all().stream().map(manifest -> manifest.kind() + "/" + manifest.name()))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"executor", "gateway"})
    void everySelectorMatchesThePodsLabels(String service) {
        Tree labels = deployment(service).at("template").at("metadata").at("labels");

        List<Tree> selectors = List.of(
                deployment(service).at("selector").at("matchLabels"),
                Manifest.of("Service", service).tree().at("spec").at("selector"),
                Manifest.of("Service", service + "-management")
                        .tree()
                        .at("spec")
                        .at("selector"),
                Manifest.of("PodDisruptionBudget", service)
                        .tree()
                        .at("spec")
                        .at("selector")
                        .at("matchLabels"),
                Manifest.of("NetworkPolicy", service)
                        .tree()
                        .at("spec")
                        .at("podSelector")
                        .at("matchLabels"));

        assertThat(selectors)
                .allSatisfy(selector -> assertThat(selector.fields()).isEqualTo(labels.fields()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"executor", "gateway"})
    void servicesAimAtPortsThePodNames(String service) {
        Set<String> named = container(service).list("ports").stream()
                .map(port -> port.text("name"))
                .collect(Collectors.toSet());

        assertThat(List.of(service, service + "-management")).allSatisfy(name -> {
            List<Tree> ports = Manifest.of("Service", name).tree().at("spec").list("ports");
            assertThat(ports).hasSize(1);
            assertThat(named).contains(ports.getFirst().text("targetPort"));
            assertThat(ports.getFirst().number("port"))
                    .isEqualTo(
                            Containers.port(container(service), ports.getFirst().text("targetPort")));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"executor", "gateway"})
    void podsRunWithoutPrivileges(String service) {
        Tree pod = deployment(service).at("template").at("spec");
        Tree security = container(service).at("securityContext");

        assertThat(pod.text("serviceAccountName")).isEqualTo(service);
        assertThat(pod.text("automountServiceAccountToken")).isEqualTo("false");
        assertThat(pod.at("securityContext").text("runAsNonRoot")).isEqualTo("true");
        assertThat(pod.at("securityContext").number("runAsUser")).isPositive();
        assertThat(security.text("allowPrivilegeEscalation")).isEqualTo("false");
        assertThat(security.text("readOnlyRootFilesystem")).isEqualTo("true");
        assertThat(security.at("capabilities").texts("drop")).containsExactly("ALL");
        assertThat(container(service).at("resources").at("limits").has("memory"))
                .isTrue();
    }

    @Test
    void onlyGatewaysReachTheExecutorAndOnlyMonitoringReachesManagement() {
        List<Tree> executor = ingress("executor");
        List<Tree> gateway = ingress("gateway");

        assertThat(executor)
                .hasSize(2)
                .allSatisfy(rule -> assertThat(rule.list("from")).hasSize(1));
        assertThat(peer(executor.getFirst(), "podSelector").fields())
                .isEqualTo(
                        deployment("gateway").at("selector").at("matchLabels").fields());
        assertThat(gateway).hasSize(2);
        assertThat(gateway.getFirst().list("ports"))
                .hasSize(1)
                .allSatisfy(port ->
                        assertThat(port.number("port")).isEqualTo(Containers.port(container("gateway"), "http")));
        for (String service : List.of("gateway", "executor")) {
            Tree management = ingress(service).getLast();
            assertThat(peer(management, "namespaceSelector").names()).containsExactly("sluice.dev/monitoring");
            assertThat(management.list("ports").getFirst().number("port"))
                    .isEqualTo(Containers.port(container(service), "management"));
        }
    }

    @Test
    void everyReferenceToTheConfigMapFindsItsKey() {
        Set<String> keys = Manifest.of("ConfigMap", "sluice").tree().at("data").names();
        Set<String> used = List.of("gateway", "executor").stream()
                .flatMap(service -> Containers.references(container(service), "configMapKeyRef").stream())
                .collect(Collectors.toSet());

        assertThat(used).isEqualTo(keys);
    }

    private static Tree peer(Tree rule, String selector) {
        return rule.list("from").getFirst().at(selector).at("matchLabels");
    }

    private static List<Tree> ingress(String service) {
        return Manifest.of("NetworkPolicy", service).tree().at("spec").list("ingress");
    }

    private static Tree deployment(String service) {
        return Manifest.of("Deployment", service).tree().at("spec");
    }

    private static Tree container(String service) {
        return Containers.of(service);
    }
}
