package dev.sluice.executor.authentication;

/**
 * What the {@code Authorization} header says (DSL, "Authorization Descriptor").
 *
 * @param scheme    such as {@code Bearer}
 * @param parameter what follows it; never logged
 */
public record Authorization(String scheme, String parameter) {

    /** The header's value. */
    public String header() {
        return scheme + ' ' + parameter;
    }

    /** Without the parameter. */
    @Override
    public String toString() {
        return "Authorization[" + scheme + "]";
    }
}
