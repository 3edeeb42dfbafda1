package dev.sluice.executor.definition;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.ExpressionMode;
import dev.sluice.executor.expression.Template;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A part of a workflow that refers to documents whose addresses only a run can tell, so that it is compiled when a run gets there
 * (ADR 47). All else of it was checked when the workflow was deployed. Two are the same only if they are one object. Immutable and
 * thread-safe.
 *
 * @param <T> what it is once its documents are known
 */
public final class Deferral<T> {

    private final List<Address> addresses;
    private final ExpressionMode mode;
    private final Reusables reusables;
    private final Compiled inner;
    private final Function<Compilers, @Nullable T> recipe;

    /**
     * A part that is compiled by a recipe, which must hold on to nothing that compiling the workflow needs.
     *
     * @param inner what inside of it is compiled already
     */
    Deferral(
            List<Address> addresses,
            ExpressionMode mode,
            Reusables reusables,
            Compiled inner,
            Function<Compilers, @Nullable T> recipe) {
        this.addresses = List.copyOf(addresses);
        this.mode = mode;
        this.reusables = reusables;
        this.inner = inner;
        this.recipe = recipe;
    }

    /**
     * An address that is computed.
     *
     * @param pointer        JSON pointer of the {@code endpoint}
     * @param uri            gives the address as text
     * @param authentication how whoever fetches the document says who it is, absent for not at all
     */
    public record Address(
            String pointer, Template uri, @Nullable Authentication authentication) {

        /**
         * What the template gave as an address.
         *
         * @throws IllegalArgumentException when it is none that a document can be fetched from
         */
        public static URI of(JsonNode value) {
            try {
                URI uri = new URI(value.asString(""));
                if (AddressCompiler.isAddress(uri)) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("The address of a document is not a URI: " + e.getReason(), e);
            }
            throw new IllegalArgumentException("The address of a document must be an absolute http or https URI");
        }
    }

    /** How far compiling came. */
    public sealed interface Outcome<T> {

        /** All is there. */
        record Known<T>(T value) implements Outcome<T> {}

        /** More documents are needed. They are those of the addresses, with their authentications, and what they refer to. */
        record Missing<T>(Collection<Reference> references) implements Outcome<T> {}

        /** The documents do not have what is asked of them, or cannot be used. */
        record Invalid<T>(String reason) implements Outcome<T> {}
    }

    /** The addresses that it needs. */
    public List<Address> addresses() {
        return addresses;
    }

    /**
     * Compiles it, as far as that is possible. Takes as long as compiling a workflow does, and may block for it.
     *
     * @param found     what is at the pointers of the addresses
     * @param documents that are there
     */
    public Outcome<T> compile(Map<String, URI> found, Map<URI, byte[]> documents) {
        RemoteDocuments remote = new RemoteDocuments();
        for (Address address : addresses) {
            URI uri = found.get(address.pointer());
            if (uri != null) {
                remote.locate(address.pointer(), new Reference(uri, address.authentication()));
            }
        }
        documents.forEach(remote::put);
        Violations violations = new Violations(Map.of());
        Compilers compilers = new Compilers(violations, reusables.reporting(violations), mode, remote, inner.copy());
        T value = Allowance.together(Allowance.LIMITS, () -> false).during(() -> recipe.apply(compilers));
        return outcome(value, remote, violations);
    }

    private static <T> Outcome<T> outcome(@Nullable T value, RemoteDocuments remote, Violations violations) {
        Collection<Reference> missing = remote.missing();
        if (!violations.isEmpty() || (missing.isEmpty() && value == null)) {
            return new Outcome.Invalid<>(violations
                    .first()
                    .map(problem -> problem.pointer() + ": " + problem.detail())
                    .orElse("What is needed of the documents is not there"));
        }
        return !missing.isEmpty() || value == null ? new Outcome.Missing<>(missing) : new Outcome.Known<>(value);
    }
}
