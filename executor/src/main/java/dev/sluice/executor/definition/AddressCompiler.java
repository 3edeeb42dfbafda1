package dev.sluice.executor.definition;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.expression.Expressions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads where documents elsewhere are, and how whoever fetches them says who it is. What depends on nothing of a run is known at once.
 */
final class AddressCompiler {

    private static final Set<String> SECRETS = Set.of("secrets");

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final EndpointCompiler endpoints;
    private final AuthenticationCompiler authentications;
    private final RemoteDocuments remote;
    private final List<Deferral.Address> computed = new ArrayList<>();

    AddressCompiler(
            Violations violations,
            ExpressionCompiler expressions,
            EndpointCompiler endpoints,
            AuthenticationCompiler authentications,
            RemoteDocuments remote) {
        this.violations = violations;
        this.expressions = expressions;
        this.endpoints = endpoints;
        this.authentications = authentications;
        this.remote = remote;
    }

    /**
     * What an {@code endpoint} names; null when a run has yet to compute it, and for what is reported.
     *
     * @param variables what a run sees that computes it; none where no run could
     */
    @Nullable
    Reference reference(Fields resource, Set<String> variables) {
        JsonNode endpoint = resource.required("endpoint");
        String pointer = resource.pointer("endpoint");
        if (endpoint == null) {
            return null;
        }
        Fields fields = endpoint.isObject() ? Fields.of(endpoint, pointer, violations) : null;
        JsonNode uri = fields == null ? endpoint : fields.required("uri");
        String where = fields == null ? pointer : fields.pointer("uri");
        String text = uri == null ? null : fixed(Fields.text(uri, where, violations), where);
        boolean later = text != null
                && !variables.isEmpty()
                && (isComputed(text, variables) || authentications.needsRun(endpoint));
        Authentication authentication =
                fields == null ? null : authentications.optional(fields, later ? variables : SECRETS);
        if (fields != null) {
            fields.close();
        }
        if (text != null && later) {
            return computed(new Deferral.Address(pointer, endpoints.address(text, where, variables), authentication));
        }
        URI address = text == null ? null : address(text, where);
        return address == null ? null : new Reference(address, authentication);
    }

    /** The address itself where an expression gives always the same one, null for what is reported. */
    private @Nullable String fixed(@Nullable String text, String pointer) {
        return text == null || Expressions.constant(text).isEmpty()
                ? text
                : EndpointCompiler.constant(text, pointer, violations);
    }

    private boolean isComputed(String text, Set<String> variables) {
        return text.indexOf('{') >= 0 || expressions.isExpression(text, variables);
    }

    private @Nullable Reference computed(Deferral.Address address) {
        Reference located = remote.located(address.pointer());
        if (located == null) {
            computed.add(address);
        }
        return located;
    }

    /** Takes out the addresses that have yet to be computed of what is in a task, but for those of the tasks inside it. */
    List<Deferral.Address> takeComputed(String reference) {
        if (computed.isEmpty()) {
            return List.of();
        }
        List<Deferral.Address> taken = computed.stream()
                .filter(address -> address.pointer().startsWith(reference + "/"))
                .toList();
        computed.removeAll(taken);
        return taken;
    }

    /** A fixed address, or null for what is reported. */
    @Nullable
    URI address(String text, String pointer) {
        if (Expressions.isExpression(text) || text.indexOf('{') >= 0) {
            violations.report(
                    pointer,
                    "must be a fixed address: it is needed when the workflow is deployed, and there is no run then whose"
                            + " data could give one");
            return null;
        }
        try {
            URI uri = new URI(text);
            if (isAddress(uri)) {
                return uri;
            }
            violations.report(
                    pointer,
                    "file".equalsIgnoreCase(uri.getScheme())
                            ? "files of the machine are not available; it must be an absolute http or https URI"
                            : "must be an absolute http or https URI");
        } catch (URISyntaxException e) {
            violations.report(pointer, "not a valid URI: " + e.getReason());
        }
        return null;
    }

    /** Whether documents can be fetched from there. */
    static boolean isAddress(URI uri) {
        String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
        return uri.getRawAuthority() != null && (scheme.equals("https") || scheme.equals("http"));
    }
}
