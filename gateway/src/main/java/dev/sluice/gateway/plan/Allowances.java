package dev.sluice.gateway.plan;

import dev.sluice.gateway.quota.Metered;
import dev.sluice.gateway.quota.Period;
import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.json.Json;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * How much may be used in a period; what is missing is not bounded, or bounded as something else says.
 *
 * @param amounts by what and period, such as {@code runs}, {@code day}: whole numbers up to 10^15; of {@code credits} by month only
 */
record Allowances(Map<String, Map<Period, Long>> amounts) {

    static final String CREDITS = "credits";

    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000_000L);

    Allowances {
        amounts = Map.copyOf(amounts);
    }

    /** The fields of a document; what is wrong with them is told when it is finished. */
    static Allowances of(Fields fields) {
        Map<String, Map<Period, Long>> amounts = new TreeMap<>();
        for (Metered kind : Metered.values()) {
            read(fields, kind.id(), Period.values()).ifPresent(amount -> amounts.put(kind.id(), amount));
        }
        read(fields, CREDITS, Period.MONTH).ifPresent(amount -> amounts.put(CREDITS, amount));
        return new Allowances(amounts);
    }

    private static Optional<Map<Period, Long>> read(Fields fields, String kind, Period... periods) {
        return fields.optionalObject(kind, inner -> {
            Map<Period, Long> amounts = new TreeMap<>();
            for (Period period : periods) {
                inner.optionalDecimal(period.id(), MOST, 0)
                        .ifPresent(amount -> amounts.put(period, amount.longValueExact()));
            }
            return amounts;
        });
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        new TreeMap<>(amounts).forEach((kind, periods) -> {
            ObjectNode inner = json.putObject(kind);
            new TreeMap<>(periods).forEach((period, amount) -> inner.put(period.id(), amount));
        });
        return json;
    }
}
