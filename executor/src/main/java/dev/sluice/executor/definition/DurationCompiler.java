package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles durations (DSL reference, "Duration"). The longest is {@value #MOST_DAYS} days. */
final class DurationCompiler {

    private static final int MOST_DAYS = 36_500;
    private static final String NUMBER = "(\\d{1,15}(?:\\.\\d{1,15})?)";
    private static final Pattern ISO = Pattern.compile("P(?!$)(?:" + NUMBER + "Y)?(?:" + NUMBER + "M)?(?:" + NUMBER
            + "W)?(?:" + NUMBER + "D)?(?:T(?=\\d)(?:" + NUMBER + "H)?(?:" + NUMBER + "M)?(?:" + NUMBER + "S)?)?");

    /** A duration has no date that it begins on, so that a year is 365 days and a month 30. */
    private static final List<Duration> UNITS = List.of(
            Duration.ofDays(365),
            Duration.ofDays(30),
            Duration.ofDays(7),
            Duration.ofDays(1),
            Duration.ofHours(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(1));

    private final Violations violations;
    private final ExpressionCompiler expressions;

    DurationCompiler(Violations violations, ExpressionCompiler expressions) {
        this.violations = violations;
        this.expressions = expressions;
    }

    @Nullable
    DurationValue optional(@Nullable Fields fields, String name, Set<String> variables) {
        JsonNode value = fields == null ? null : fields.get(name);
        return fields == null || value == null ? null : compile(value, fields.pointer(name), variables);
    }

    DurationValue compile(JsonNode value, String pointer, Set<String> variables) {
        if (value.isObject()) {
            return constant(properties(Fields.of(value, pointer, violations)));
        }
        if (!value.isString()) {
            violations.report(pointer, "must be an ISO 8601 duration or an object, not " + Fields.kind(value));
            return constant(Duration.ZERO);
        }
        String text = value.stringValue();
        if (expressions.isExpression(text, variables)) {
            return evaluated(expressions.compile(text, pointer, variables));
        }
        try {
            return constant(parse(text));
        } catch (IllegalArgumentException e) {
            violations.report(pointer, Objects.requireNonNullElse(e.getMessage(), ""));
            return constant(Duration.ZERO);
        }
    }

    private Duration properties(Fields fields) {
        Duration sum = Duration.ofDays(amount(fields, "days"))
                .plusHours(amount(fields, "hours"))
                .plusMinutes(amount(fields, "minutes"))
                .plusSeconds(amount(fields, "seconds"))
                .plusMillis(amount(fields, "milliseconds"));
        fields.close();
        boolean any = fields.has("days")
                || fields.has("hours")
                || fields.has("minutes")
                || fields.has("seconds")
                || fields.has("milliseconds");
        if (!any) {
            violations.report(fields.pointer(), "needs one of days, hours, minutes, seconds, milliseconds");
        }
        if (sum.toDays() > MOST_DAYS) {
            violations.report(fields.pointer(), "must not be longer than " + MOST_DAYS + " days");
        }
        return sum;
    }

    private static int amount(Fields fields, String unit) {
        Integer amount = fields.integer(unit, 0, Integer.MAX_VALUE);
        return amount == null ? 0 : amount;
    }

    private static DurationValue constant(Duration duration) {
        return (input, arguments) -> duration;
    }

    private static DurationValue evaluated(Expression expression) {
        return (input, arguments) -> {
            JsonNode value = expression.evaluate(input, arguments);
            if (!value.isString()) {
                throw new ExpressionException("A duration must be ISO 8601 text, not " + Fields.kind(value));
            }
            try {
                return parse(value.stringValue());
            } catch (IllegalArgumentException e) {
                throw new ExpressionException(Objects.requireNonNullElse(e.getMessage(), ""));
            }
        };
    }

    private static Duration parse(String text) {
        Matcher matcher = ISO.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + (text.length() > 50 ? text.substring(0, 50) + "…" : text)
                    + "' is not an ISO 8601 duration, such as PT1M30S");
        }
        BigDecimal nanos = BigDecimal.ZERO;
        for (int i = 0; i < UNITS.size(); i++) {
            String amount = matcher.group(1 + i);
            if (amount != null) {
                nanos = nanos.add(new BigDecimal(amount)
                        .multiply(BigDecimal.valueOf(UNITS.get(i).toNanos())));
            }
        }
        Duration most = Duration.ofDays(MOST_DAYS);
        if (nanos.compareTo(BigDecimal.valueOf(most.toNanos())) > 0) {
            throw new IllegalArgumentException("must not be longer than " + MOST_DAYS + " days");
        }
        return Duration.ofNanos(nanos.longValue());
    }
}
