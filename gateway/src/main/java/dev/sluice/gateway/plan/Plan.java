package dev.sluice.gateway.plan;

import dev.sluice.gateway.quota.Metered;
import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.json.Json;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * What organizations may use that have it.
 *
 * @param costs credits for one of each kind, up to a million with six decimals; nothing for those that are missing
 */
record Plan(String name, Allowances allowances, Map<Metered, BigDecimal> costs) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);
    private static final int DECIMALS = 6;

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Of a document; what is wrong with it is told when it is finished. */
    static Plan of(String name, Fields fields) {
        Allowances allowances =
                fields.optionalObject("allowances", Allowances::of).orElseGet(() -> new Allowances(Map.of()));
        Map<Metered, BigDecimal> costs = new EnumMap<>(Metered.class);
        boolean ignored = fields.optionalObject("costs", inner -> {
                    for (Metered kind : Metered.values()) {
                        inner.optionalDecimal(kind.id(), MOST, DECIMALS).ifPresent(cost -> costs.put(kind, cost));
                    }
                    return costs;
                })
                .isPresent();
        return new Plan(name, allowances, costs);
    }

    ObjectNode costsJson() {
        ObjectNode json = Json.object();
        costs.forEach((kind, cost) -> json.put(kind.id(), cost));
        return json;
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("name", name);
        json.set("allowances", allowances.json());
        json.set("costs", costsJson());
        return json;
    }
}
