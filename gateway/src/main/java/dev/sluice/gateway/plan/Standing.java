package dev.sluice.gateway.plan;

import dev.sluice.gateway.quota.Period;
import dev.sluice.shared.json.Json;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an organization stands.
 *
 * @param plan       its own; absent for the one that all have
 * @param exceptions what it may use other than its plan says
 * @param day        of which this is, by UTC
 */
record Standing(@Nullable String plan, JsonNode exceptions, LocalDate day, List<Quota> quotas) {

    /**
     * One of its quotas.
     *
     * @param allowance absent for no end
     * @param used      with what gateways have taken ahead
     */
    record Quota(String of, Period period, @Nullable BigDecimal allowance, BigDecimal used) {}

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("plan", plan);
        json.set("exceptions", exceptions);
        ArrayNode all = json.putArray("quotas");
        quotas.forEach(quota -> all.add(json(quota)));
        return json;
    }

    private ObjectNode json(Quota quota) {
        BigDecimal allowance = quota.allowance();
        ObjectNode json = Json.object();
        json.put("of", quota.of());
        json.put("period", quota.period().id());
        json.put("allowance", allowance);
        json.put("used", quota.used());
        json.put(
                "remaining",
                allowance == null ? null : allowance.subtract(quota.used()).max(BigDecimal.ZERO));
        json.put("resetsAt", quota.period().end(day).toString());
        return json;
    }
}
