package dev.sluice.executor.definition;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.ResourceCompiler.Document;
import java.net.URI;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Functions in catalogs (DSL, "Catalogs"; DSL reference, "Catalog"): {@code name:version@catalog}, or the address of the function's
 * document. They are compiled once, and cannot see what the workflow defines under {@code use}.
 */
final class CatalogCompiler {

    private static final String COMPONENTS = "catalogs";
    private static final Pattern CATALOGED = Pattern.compile("([^:@/]+):([^:@/]+)@([^:@/]+)");
    private static final Pattern ADDRESS = Pattern.compile("https?://.+");

    /** A page of GitHub, whose files are elsewhere. */
    private static final Pattern GITHUB =
            Pattern.compile("https://github\\.com/([^/?#]+/[^/?#]+)(?:/(?:tree|blob)/([^/?#]+))?(/[^?#]*)?");

    private final Compilers compilers;
    private final Violations violations;
    private final Reusables reusables;
    private final ResourceCompiler resources;

    CatalogCompiler(Compilers compilers, Reusables reusables, ResourceCompiler resources) {
        this.compilers = compilers;
        this.violations = compilers.violations();
        this.reusables = reusables;
        this.resources = resources;
    }

    /** Whether a call means a function that is elsewhere. */
    static boolean isElsewhere(String function) {
        return CATALOGED.matcher(function).matches()
                || ADDRESS.matcher(function).matches();
    }

    /** Checks the form of each catalog, so that an unused one is right too. */
    void checkReusable() {
        for (String name : reusables.names(COMPONENTS)) {
            var _ = catalog(name);
        }
    }

    /** Sees to it that a function will be among the compiled ones, unless its document has yet to be fetched. */
    void require(String function, String pointer) {
        Reference reference = reference(function, pointer);
        Document document = reference == null ? null : resources.document(reference, pointer);
        if (document != null) {
            Violations own = new Violations(document.places());
            compilers.pending().add(function, () -> compile(function, document, own), () -> tell(own, pointer));
        }
    }

    private void compile(String function, Document document, Violations own) {
        Matcher cataloged = CATALOGED.matcher(function);
        String name = cataloged.matches() ? cataloged.group(1) : function;
        Task task = compilers
                .elsewhere(own)
                .tasks()
                .compile(name, document.root(), Reusables.pointer("functions", function), Set.of(), Scope.OUTERMOST);
        if (task != null) {
            compilers.functions().put(function, task);
        }
    }

    private void tell(Violations own, String pointer) {
        own.first()
                .ifPresent(problem -> violations.report(
                        pointer, "the function there is not valid: " + problem.pointer() + ' ' + problem.detail()));
    }

    private @Nullable Reference reference(String function, String pointer) {
        Matcher cataloged = CATALOGED.matcher(function);
        if (!cataloged.matches()) {
            URI uri = compilers.addresses().address(raw(function, ""), pointer);
            return uri == null ? null : new Reference(uri, null);
        }
        String name = cataloged.group(3);
        if (!reusables.names(COMPONENTS).contains(name)) {
            violations.report(
                    pointer,
                    name.equals("default")
                            ? "there is no function '" + function + "' in the default catalog"
                            : "there is no '" + name + "' in use.catalogs"
                                    + violations.didYouMean(name, reusables.names(COMPONENTS)));
            return null;
        }
        Reference catalog = catalog(name);
        if (catalog == null) {
            return null;
        }
        String place = "/functions/" + cataloged.group(1) + '/' + cataloged.group(2) + "/function.yaml";
        URI uri = compilers.addresses().address(raw(catalog.uri().toString(), place), pointer);
        return uri == null ? null : new Reference(uri, catalog.authentication());
    }

    private @Nullable Reference catalog(String name) {
        Fields fields = Fields.of(reusables.get(COMPONENTS, name), Reusables.pointer(COMPONENTS, name), violations);
        Reference reference = compilers.addresses().reference(fields, Set.of());
        fields.close();
        return reference;
    }

    private static String raw(String root, String place) {
        String trimmed = root.endsWith("/") && !place.isEmpty() ? root.substring(0, root.length() - 1) : root;
        Matcher github = GITHUB.matcher(trimmed);
        if (!github.matches()) {
            return trimmed + place;
        }
        String branch = github.group(2) == null ? "main" : github.group(2);
        String path = github.group(3) == null ? "" : github.group(3);
        return "https://raw.githubusercontent.com/" + github.group(1) + '/' + branch + path + place;
    }
}
