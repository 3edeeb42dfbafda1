package dev.sluice.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields the base may use, by their place. The API server drops a field it does not know without a word, so a
 * misspelt probe or limit would simply not be there; here it fails the build. Names are those of the Kubernetes API.
 */
final class KnownFields {

    private static final Set<String> OBJECT = Set.of("apiVersion", "kind", "metadata", "spec");

    private static final Map<String, Set<String>> TOP = Map.of(
            "Deployment", OBJECT,
            "Service", OBJECT,
            "NetworkPolicy", OBJECT,
            "PodDisruptionBudget", OBJECT,
            "ServiceAccount", Set.of("apiVersion", "kind", "metadata", "automountServiceAccountToken"),
            "ConfigMap", Set.of("apiVersion", "kind", "metadata", "data"));

    private static final Map<String, Set<String>> SPEC = Map.of(
            "Deployment", Set.of("replicas", "revisionHistoryLimit", "selector", "strategy", "template"),
            "Service", Set.of("clusterIP", "selector", "ports"),
            "NetworkPolicy", Set.of("podSelector", "policyTypes", "ingress"),
            "PodDisruptionBudget", Set.of("minAvailable", "selector"));

    private static final Set<String> POD = Set.of(
            "serviceAccountName",
            "automountServiceAccountToken",
            "enableServiceLinks",
            "terminationGracePeriodSeconds",
            "securityContext",
            "topologySpreadConstraints",
            "containers",
            "volumes");

    private static final Set<String> CONTAINER = Set.of(
            "name",
            "image",
            "imagePullPolicy",
            "securityContext",
            "ports",
            "env",
            "resources",
            "startupProbe",
            "readinessProbe",
            "livenessProbe",
            "lifecycle",
            "volumeMounts");

    private static final Set<String> PROBE = Set.of("httpGet", "periodSeconds", "timeoutSeconds", "failureThreshold");

    private KnownFields() {}

    /** The fields that should not be there, each with its path. */
    static List<String> unknownIn(Tree manifest) {
        List<String> unknown = new ArrayList<>();
        String kind = manifest.text("kind");
        collect(unknown, manifest, TOP.getOrDefault(kind, Set.of()));
        collect(unknown, manifest.at("metadata"), Set.of("name", "labels"));
        if (manifest.has("spec")) {
            collect(unknown, manifest.at("spec"), SPEC.getOrDefault(kind, Set.of()));
        }
        if (kind.equals("Deployment")) {
            template(unknown, manifest.at("spec").at("template"));
        }
        return unknown;
    }

    private static void template(List<String> unknown, Tree template) {
        collect(unknown, template, Set.of("metadata", "spec"));
        collect(unknown, template.at("metadata"), Set.of("labels"));
        collect(unknown, template.at("spec"), POD);
        template.at("spec").list("containers").forEach(container -> container(unknown, container));
    }

    private static void container(List<String> unknown, Tree container) {
        collect(unknown, container, CONTAINER);
        collect(unknown, container.at("resources"), Set.of("requests", "limits"));
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            collect(unknown, container.at(probe), PROBE);
            collect(unknown, container.at(probe).at("httpGet"), Set.of("path", "port"));
        }
    }

    private static void collect(List<String> unknown, Tree tree, Set<String> known) {
        tree.names().stream()
                .filter(name -> !known.contains(name))
                .map(name -> tree.path() + "." + name)
                .forEach(unknown::add);
    }
}
