package dev.sluice.gateway.retention;

import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.json.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Policies as they are written and shown. */
final class RetentionJson {

    private static final int MAX_REASON = 500;

    private RetentionJson() {}

    /**
     * What was sent.
     *
     * @param saysHold whether it says if there is a hold
     */
    record Wanted(RetentionPolicy policy, boolean saysHold) {}

    /** Reads a policy; what is wrong with it is among the fields' violations. */
    static Wanted read(Fields fields, int mostEventsDays) {
        Optional<Integer> runs = days(fields, "runs", RetentionPolicy.LEAST_RUNS_DAYS, RetentionPolicy.MOST_DAYS);
        Optional<Integer> events = days(fields, "events", RetentionPolicy.LEAST_EVENTS_DAYS, mostEventsDays);
        Optional<Integer> audit = days(fields, "audit", RetentionPolicy.LEAST_AUDIT_DAYS, RetentionPolicy.MOST_DAYS);
        Optional<Boolean> hold = fields.optionalFlag("hold");
        Optional<String> reason = fields.optionalText("reason", 1, MAX_REASON);
        if (hold.orElse(false) != reason.isPresent()) {
            fields.refuse("reason", "A hold has a reason, and nothing else has.");
        }
        return new Wanted(
                new RetentionPolicy(
                        runs.orElse(null), events.orElse(null), audit.orElse(null), reason.orElse(null), null, null),
                hold.isPresent());
    }

    /** With what is deleted by it. */
    static ObjectNode write(RetentionPolicy policy, int installationEventsDays, Instant now) {
        ObjectNode json = said(policy);
        ObjectNode before = json.putObject("deletesBefore");
        OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
        put(
                before,
                "runs",
                policy,
                policy.runsDays(),
                days -> at.minusDays(days).truncatedTo(ChronoUnit.DAYS));
        put(before, "events", policy, policy.eventsDays(), at::minusDays);
        put(
                before,
                "audit",
                policy,
                policy.auditDays(),
                days -> at.minusDays(days).truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1));
        json.putObject("installation").put("events", period(installationEventsDays));
        json.put("changedBy", policy.changedBy());
        Instant changedAt = policy.changedAt();
        return json.put("changedAt", changedAt == null ? null : changedAt.toString());
    }

    /** What the organization says, for the record too. */
    static ObjectNode said(RetentionPolicy policy) {
        return Json.object()
                .put("runs", period(policy.runsDays()))
                .put("events", period(policy.eventsDays()))
                .put("audit", period(policy.auditDays()))
                .put("hold", policy.hold())
                .put("reason", policy.reason());
    }

    /** A moment some days ago. */
    private interface Ago {
        OffsetDateTime of(long days);
    }

    private static void put(ObjectNode json, String name, RetentionPolicy policy, @Nullable Integer days, Ago ago) {
        json.put(
                name,
                days == null || policy.hold() ? null : ago.of(days).toInstant().toString());
    }

    private static Optional<Integer> days(Fields fields, String name, int least, int most) {
        return fields.optional(
                name,
                text -> days(text).filter(days -> days >= least && days <= most).map(Long::intValue),
                "Whole days from P" + least + "D to P" + most + "D are expected.");
    }

    private static Optional<Long> days(String text) {
        try {
            Duration duration = Duration.parse(text);
            long days = duration.toDays();
            return Duration.ofDays(days).equals(duration) ? Optional.of(days) : Optional.empty();
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String period(@Nullable Integer days) {
        return days == null ? null : "P" + days + "D";
    }
}
