package dev.sluice.shared.tenancy;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Who makes a request, after it was authenticated.
 *
 * @param organization the tenant the request acts in
 * @param keyId        the API key it came with
 * @param scope        what the key may do
 * @param masked       whether they see the organization's data by its masking rules only
 */
public record Principal(OrganizationId organization, UUID keyId, Scope scope, boolean masked) {

    /** One who sees everything. */
    public Principal(OrganizationId organization, UUID keyId, Scope scope) {
        this(organization, keyId, scope, false);
    }

    /** The same, who sees everything or not. */
    public Principal masked(boolean masked) {
        return masked == this.masked ? this : new Principal(organization, keyId, scope, masked);
    }

    /** What a key may do. */
    public enum Scope {
        /** Everything inside its own organization. */
        ORGANIZATION(1),
        /** That, and creating organizations. */
        PLATFORM(2);

        private final int code;

        Scope(int code) {
            this.code = code;
        }

        /** A number that stays the same for ever, for the wire and the database. */
        public int code() {
            return code;
        }

        /** The scope of a code, empty when there is none. */
        public static Optional<Scope> ofCode(int code) {
            return Arrays.stream(values()).filter(scope -> scope.code == code).findFirst();
        }
    }
}
