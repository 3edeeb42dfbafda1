package dev.sluice.executor.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The specification's standard error types (DSL reference, "Standard Error Types"). */
public enum ErrorType {
    CONFIGURATION("configuration", 400, "Configuration Error"),
    VALIDATION("validation", 400, "Validation Error"),
    EXPRESSION("expression", 400, "Expression Error"),
    AUTHENTICATION("authentication", 401, "Authentication Error"),
    AUTHORIZATION("authorization", 403, "Authorization Error"),
    TIMEOUT("timeout", 408, "Timeout"),
    COMMUNICATION("communication", 500, "Communication Error"),
    RUNTIME("runtime", 500, "Runtime Error");

    private static final String PREFIX = "https://open-workflow-specification.org/spec/1.0.0/errors/";

    /** All prefixes under which authors name the standard types: present and former host, and the form the CTK uses. */
    private static final List<String> SYNONYMS = List.of(
            PREFIX,
            "https://serverlessworkflow.io/spec/1.0.0/errors/",
            "https://open-workflow-specification.org/dsl/errors/types/",
            "https://serverlessworkflow.io/dsl/errors/types/");

    private final String slug;
    private final int status;
    private final String title;

    ErrorType(String slug, int status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    /** An error of this type with its default status. */
    public DslError at(String instance, @Nullable String detail) {
        return new DslError(uri(), status, instance, title, detail);
    }

    /** An error of this type with a status of its own. */
    public DslError at(String instance, int ownStatus, String ownTitle, @Nullable String detail) {
        return new DslError(uri(), ownStatus, instance, ownTitle, detail);
    }

    /** The URI errors of this type carry. */
    public String uri() {
        return PREFIX + slug;
    }

    /** Whether two type URIs mean the same type. */
    static boolean same(String one, String other) {
        return canonical(one).equals(canonical(other));
    }

    private static String canonical(String uri) {
        for (String prefix : SYNONYMS) {
            if (uri.startsWith(prefix)) {
                return PREFIX + uri.substring(prefix.length());
            }
        }
        return uri;
    }
}
