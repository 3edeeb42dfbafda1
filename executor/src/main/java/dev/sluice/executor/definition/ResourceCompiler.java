package dev.sluice.executor.definition;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.description.AbsoluteReferences;
import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.description.Located;
import dev.sluice.executor.description.References;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads external resources (DSL reference, "External Resource"). They are fetched when the document is deployed, or by a run if only a
 * run can tell where they are.
 */
final class ResourceCompiler {

    private final Violations violations;
    private final AddressCompiler addresses;
    private final RemoteDocuments remote;
    private final DocumentTrees trees = new DocumentTrees();
    /** The one that was read last: many tasks call operations of one document, and as a tree it is large. */
    private @Nullable Document last;
    /** What that one refers to. */
    private final Map<URI, JsonNode> referred = new HashMap<>();

    ResourceCompiler(Violations violations, AddressCompiler addresses, RemoteDocuments remote) {
        this.violations = violations;
        this.addresses = addresses;
        this.remote = remote;
    }

    /** A document in YAML or JSON, and where it is from. */
    record Document(Reference reference, JsonNode root, Map<String, Place> places) {

        URI uri() {
            return reference.uri();
        }

        Located located() {
            return Located.whole(root, uri());
        }
    }

    /** Text in whichever language, and where it is from. */
    record Text(Reference reference, String content) {}

    /**
     * The document under a property that must be there; null when it has yet to be fetched, and for what is reported.
     *
     * @param variables what a run sees that computes where it is; none where no run could
     */
    @Nullable
    Document required(Fields owner, String property, Set<String> variables) {
        Reference reference = requiredReference(owner, property, variables);
        return reference == null ? null : document(reference, pointer(owner, property));
    }

    /** The same where the document is neither YAML nor JSON. */
    @Nullable
    Text requiredText(Fields owner, String property, Set<String> variables) {
        Reference reference = requiredReference(owner, property, variables);
        if (reference == null) {
            return null;
        }
        byte[] content = content(reference, pointer(owner, property), "");
        return content == null ? null : new Text(reference, new String(content, StandardCharsets.UTF_8));
    }

    /** Text from elsewhere that another refers to, fetched as that was; null when it has yet to be, and for what is reported. */
    @Nullable
    String textFor(Text other, URI uri, String pointer) {
        byte[] content = content(new Reference(uri, other.reference().authentication()), pointer, uri + " ");
        return content == null ? null : new String(content, StandardCharsets.UTF_8);
    }

    private static String pointer(Fields owner, String property) {
        return Pointers.child(owner.pointer(property), "endpoint");
    }

    private @Nullable Reference requiredReference(Fields owner, String property, Set<String> variables) {
        JsonNode value = owner.required(property);
        if (value == null) {
            return null;
        }
        return named(Fields.of(value, owner.pointer(property), violations), variables);
    }

    /** The same of one that is text, which is UTF-8. */
    @Nullable
    String text(Fields owner, String property, Set<String> variables) {
        Fields resource = owner.object(property);
        if (resource == null) {
            return null;
        }
        Reference reference = named(resource, variables);
        byte[] content = reference == null ? null : content(reference, resource.pointer("endpoint"), "");
        return reference == null || content == null ? null : decoded(reference.uri(), resource.pointer("endpoint"));
    }

    /** What is known of the document's scripts. */
    ScriptProblems scripts() {
        return remote.scripts();
    }

    private @Nullable String decoded(URI uri, String pointer) {
        String text = remote.text(uri);
        if (text == null) {
            violations.report(pointer, "the text there is not UTF-8");
        }
        return text;
    }

    private @Nullable Reference named(Fields resource, Set<String> variables) {
        if (resource.has("name")) {
            var _ = resource.text("name");
        }
        Reference reference = addresses.reference(resource, variables);
        resource.close();
        return reference;
    }

    /** The document of a reference; null when it has yet to be fetched, and for what is reported. */
    @Nullable
    Document document(Reference reference, String pointer) {
        URI uri = reference.uri();
        byte[] content = content(reference, pointer, "");
        if (content == null) {
            return null;
        }
        Document former = last;
        if (former != null && former.uri().equals(uri)) {
            return former;
        }
        try {
            last = null;
            referred.clear();
            last = trees.read(reference, content);
            return last;
        } catch (DescriptionException e) {
            violations.report(pointer, "the document there " + e.getMessage());
            return null;
        }
    }

    /**
     * The documents that the one which was read last refers to, each read once and with absolute references. Whoever fetches them says
     * who it is only where that document is from: nobody else should learn it.
     */
    References referredBy(Document document) {
        return uri -> {
            JsonNode known = uri.equals(document.uri()) ? document.root() : referred.get(uri);
            JsonNode found = known == null ? referred(uri, document.reference()) : known;
            if (found != null && known == null) {
                referred.put(uri, found);
            }
            return found;
        };
    }

    private @Nullable JsonNode referred(URI uri, Reference from) throws DescriptionException {
        if (!AddressCompiler.isAddress(uri)) {
            throw new DescriptionException("it refers to '" + uri + "', which is no absolute http or https URI");
        }
        boolean near = uri.getScheme().equalsIgnoreCase(from.uri().getScheme())
                && uri.getRawAuthority().equals(from.uri().getRawAuthority());
        Reference reference = new Reference(uri, near ? from.authentication() : null);
        byte[] content = remote.get(reference);
        String failure = content == null ? remote.failure(uri) : null;
        if (failure != null) {
            throw new DescriptionException("it refers to " + uri + ", which cannot be fetched: " + failure);
        }
        if (content == null) {
            return null;
        }
        try {
            return AbsoluteReferences.of(trees.read(reference, content).root(), uri);
        } catch (DescriptionException e) {
            throw new DescriptionException("it refers to " + uri + ", which " + e.getMessage());
        }
    }

    private byte @Nullable [] content(Reference reference, String pointer, String what) {
        byte[] content = remote.get(reference);
        String failure = content == null ? remote.failure(reference.uri()) : null;
        if (failure != null) {
            violations.report(pointer, what + "cannot be fetched: " + failure);
        }
        return content;
    }
}
