package dev.sluice.gateway.cors;

import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Policies as they are written, shown and stored. */
final class CorsJson {

    private static final int MOST_NAMES = 50;
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST");
    private static final List<String> HEADERS = List.of("authorization", "content-type");
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'+.^_`|~-]{1,100}");

    /** No page may send or read them, whoever allows it (the Fetch standard's forbidden methods). */
    private static final Set<String> FORBIDDEN = Set.of("CONNECT", "TRACE");

    private static final String METHOD_EXPECTED = "A method such as GET is expected.";
    private static final String HEADER_EXPECTED = "The name of a header is expected.";

    private CorsJson() {}

    /** Reads a policy; what is wrong with it is among the fields' violations. */
    static CorsPolicy read(OrganizationId organization, Fields fields) {
        Optional<CorsRule> api = fields.optionalObject("api", CorsJson::api);
        Optional<CorsRule> routes = fields.optionalObject("routes", CorsJson::routes);
        return new CorsPolicy(organization, api.orElse(null), routes.orElse(null));
    }

    static ObjectNode write(CorsPolicy policy) {
        ObjectNode json = Json.object();
        CorsRule api = policy.api();
        if (api != null) {
            ObjectNode rule = json.putObject("api");
            sorted(api.origins().written(), rule.putArray("origins"));
            sorted(api.methods(), rule.putArray("methods"));
        }
        CorsRule routes = policy.routes();
        if (routes != null) {
            ObjectNode rule = json.putObject("routes");
            sorted(routes.origins().written(), rule.putArray("origins"));
            sorted(routes.methods(), rule.putArray("methods"));
            sorted(routes.headers(), rule.putArray("headers"));
            sorted(routes.expose(), rule.putArray("exposeHeaders"));
            rule.put("maxAge", routes.maxAge().toString());
        }
        return json;
    }

    /** Which headers a page may send there is the same for all, since a preflight names no organization. */
    private static CorsRule api(Fields fields) {
        Set<String> methods = fields.optionalList(
                        "methods",
                        Preflights.METHODS.size(),
                        text -> Optional.of(text).filter(Preflights.METHODS::contains),
                        "One of the API's methods is expected: " + String.join(", ", Preflights.METHODS) + ".")
                .<Set<String>>map(Set::copyOf)
                .orElse(Preflights.METHODS);
        return new CorsRule(origins(fields), methods, Set.of(), Set.of(), CorsRule.DEFAULT_MAX_AGE);
    }

    private static CorsRule routes(Fields fields) {
        List<String> methods = fields.optionalList("methods", MOST_NAMES, CorsJson::method, METHOD_EXPECTED)
                .orElse(METHODS);
        List<String> headers = fields.optionalList("headers", MOST_NAMES, CorsJson::header, HEADER_EXPECTED)
                .orElse(HEADERS);
        List<String> expose = fields.optionalList("exposeHeaders", MOST_NAMES, CorsJson::header, HEADER_EXPECTED)
                .orElseGet(List::of);
        Duration maxAge = fields.optional(
                        "maxAge", CorsJson::age, "A duration of up to a day, such as PT10M, is expected.")
                .orElse(CorsRule.DEFAULT_MAX_AGE);
        return new CorsRule(origins(fields), Set.copyOf(methods), Set.copyOf(headers), Set.copyOf(expose), maxAge);
    }

    private static Origins origins(Fields fields) {
        Optional<List<String>> origins = fields.optionalList("origins", Origins.MOST, Origins::read, Origins.FORM);
        if (origins.isEmpty()) {
            fields.refuse("origins", "The field is required.");
        }
        return Origins.of(origins.orElseGet(List::of));
    }

    private static Optional<String> method(String text) {
        return METHOD.matcher(text).matches() && !FORBIDDEN.contains(text) ? Optional.of(text) : Optional.empty();
    }

    /** A name, and no {@code *}. */
    private static Optional<String> header(String text) {
        return TOKEN.matcher(text).matches() ? Optional.of(text.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static Optional<Duration> age(String text) {
        try {
            return Optional.of(Duration.parse(text))
                    .filter(age -> !age.isNegative() && age.compareTo(CorsRule.LONGEST) <= 0);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void sorted(Collection<String> values, ArrayNode into) {
        new TreeSet<>(values).forEach(into::add);
    }
}
