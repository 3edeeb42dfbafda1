package dev.sluice.gateway.published;

import dev.sluice.gateway.deprecation.Deprecation;
import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The deprecation of a route as it is written and shown. */
final class DeprecationJson {

    private static final String MOMENT = "A date and time such as 2027-01-31T00:00:00Z is expected.";
    private static final String ADDRESS = "An http or https address of at most 2000 characters is expected.";

    private DeprecationJson() {}

    static RouteDeprecation read(Fields fields) {
        Instant date = fields.required("date", Deprecation::moment, MOMENT).orElse(Instant.EPOCH);
        Optional<Instant> sunset = fields.optional("sunset", Deprecation::moment, MOMENT);
        if (sunset.filter(end -> end.isBefore(date)).isPresent()) {
            fields.refuse("sunset", "A sunset that is not before the date is expected.");
        }
        boolean gone = fields.flag("gone");
        if (gone && sunset.isEmpty()) {
            fields.refuse("gone", "It takes a sunset, from which on the route is gone.");
        }
        Optional<URI> link = fields.optional("link", Deprecation::address, ADDRESS);
        Optional<URI> successor = fields.optional("successor", Deprecation::address, ADDRESS);
        // What is not valid is refused with the rest of the body.
        @Nullable Instant end = sunset.filter(moment -> !moment.isBefore(date)).orElse(null);
        return new RouteDeprecation(
                new Deprecation(date, end, link.orElse(null), successor.orElse(null)), gone && end != null);
    }

    static ObjectNode write(RouteDeprecation deprecation) {
        Deprecation told = deprecation.told();
        ObjectNode json = Json.object().put("date", told.date().toString());
        put(json, "sunset", told.sunset());
        put(json, "link", told.link());
        put(json, "successor", told.successor());
        return json.put("gone", deprecation.gone());
    }

    private static void put(ObjectNode json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value.toString());
        }
    }
}
