package dev.sluice.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;

/** The one container of a deployment, and what it exposes and is given. */
final class Containers {

    private Containers() {}

    static Tree of(String deployment) {
        Tree pod = Manifest.of("Deployment", deployment)
                .tree()
                .at("spec")
                .at("template")
                .at("spec");
        assertThat(pod.list("containers")).hasSize(1);
        return pod.list("containers").getFirst();
    }

    /** The number of a named container port. */
    static int port(Tree container, String name) {
        return container.list("ports").stream()
                .filter(port -> port.text("name").equals(name))
                .mapToInt(port -> port.number("containerPort"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no container port is named " + name));
    }

    /** Names of the variables the container gets, without those of the Java launcher. */
    static Set<String> variables(Tree container) {
        Set<String> names = new TreeSet<>();
        container.list("env").forEach(variable -> names.add(variable.text("name")));
        names.remove("JAVA_TOOL_OPTIONS");
        return names;
    }

    /** Keys read from the object {@code sluice}; a variable has the name of its key. */
    static Set<String> references(Tree container, String source) {
        Set<String> keys = new TreeSet<>();
        container.list("env").stream()
                .filter(variable ->
                        variable.has("valueFrom") && variable.at("valueFrom").has(source))
                .forEach(variable -> {
                    Tree reference = variable.at("valueFrom").at(source);
                    assertThat(reference.text("name")).isEqualTo("sluice");
                    assertThat(reference.text("key")).isEqualTo(variable.text("name"));
                    keys.add(reference.text("key"));
                });
        return keys;
    }
}
