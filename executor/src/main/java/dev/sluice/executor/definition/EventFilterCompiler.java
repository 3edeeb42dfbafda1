package dev.sluice.executor.definition;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles event filters (DSL reference, "Event Filter"). */
final class EventFilterCompiler {

    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]{1,40}");

    /** An event looks for its set by each combination of correlations that others may have fixed. */
    private static final int MOST_SHARED = 4;

    private final Violations violations;
    private final ExpressionCompiler expressions;

    EventFilterCompiler(Violations violations, ExpressionCompiler expressions) {
        this.violations = violations;
        this.expressions = expressions;
    }

    /** A filter of what starts a run by itself: it is correlated with constants, or is the first to have a value at all. */
    EventFilter compile(JsonNode value, String pointer) {
        Fields fields = Fields.of(value, pointer, violations);
        List<Correlation> correlations = constants(fields);
        EventFilter filter = compile(fields, List.of());
        List<EventMatcher> matchers = new ArrayList<>(filter.matchers());
        correlations.forEach(correlation -> matchers.add(new CorrelationMatcher(correlation)));
        return new EventFilter(filter.type(), filter.source(), matchers, List.of());
    }

    /** One of the filters of what starts a run together, whose events are correlated with each other. */
    EventFilter compileForSet(JsonNode value, String pointer) {
        Fields filter = Fields.of(value, pointer, violations);
        List<Correlation> correlations = constants(filter);
        return limited(compile(filter, correlations), filter);
    }

    private List<Correlation> constants(Fields filter) {
        Fields correlate = filter.object("correlate");
        if (correlate != null) {
            correlate.names().forEach(name -> constant(correlate, name));
        }
        return correlations(correlate, Set.of());
    }

    /** There is no run yet that an expression could be evaluated over. */
    private void constant(Fields correlate, String name) {
        JsonNode one = correlate.get(name);
        JsonNode expect = one == null ? null : one.get("expect");
        if (expect != null && expect.isString() && Expressions.isExpression(expect.stringValue())) {
            violations.report(
                    Pointers.child(correlate.pointer(name), "expect"),
                    "must be a constant: there is no run yet that an expression could look at");
        }
    }

    private EventFilter limited(EventFilter filter, Fields fields) {
        long shared = filter.correlations().stream()
                .filter(correlation -> correlation.expect() == null)
                .count();
        if (shared > MOST_SHARED) {
            violations.report(
                    fields.pointer("correlate"), "has more than " + MOST_SHARED + " correlations without 'expect'");
        }
        return filter;
    }

    /**
     * A filter of a task.
     *
     * @param variables what {@code expect} may use
     */
    EventFilter compile(JsonNode value, String pointer, Set<String> variables) {
        Fields filter = Fields.of(value, pointer, violations);
        return compile(filter, correlations(filter.object("correlate"), variables));
    }

    private List<Correlation> correlations(@Nullable Fields correlate, Set<String> variables) {
        if (correlate == null) {
            return List.of();
        }
        List<Correlation> correlations = new ArrayList<>();
        for (String name : new TreeSet<>(correlate.names())) {
            Fields one = Objects.requireNonNull(correlate.object(name));
            String from = one.requiredText("from");
            JsonNode expect = one.get("expect");
            one.close();
            if (expect != null && (expect.isContainer() || expect.isNull())) {
                violations.report(one.pointer("expect"), "must be a string, not " + Fields.kind(expect));
            }
            if (from != null) {
                correlations.add(new Correlation(
                        name,
                        expressions.compile(from, one.pointer("from"), Set.of()),
                        from.strip(),
                        expect == null ? null : expressions.template(expect, one.pointer("expect"), variables)));
            }
        }
        return correlations;
    }

    private EventFilter compile(Fields filter, List<Correlation> correlations) {
        JsonNode with = filter.required("with");
        filter.close();
        if (with == null) {
            return new EventFilter(null, null, List.of(), correlations);
        }
        String place = filter.pointer("with");
        Fields attributes = Fields.of(with, place, violations);
        if (with.isObject() && with.isEmpty()) {
            violations.report(place, "needs an attribute");
        }
        List<EventMatcher> matchers = new ArrayList<>();
        for (var attribute : with.properties()) {
            matchers.add(
                    attribute(attribute.getKey(), attribute.getValue(), Pointers.child(place, attribute.getKey())));
        }
        return new EventFilter(type(attributes), fixed(attributes.get("source")), matchers, correlations);
    }

    /** Lifecycle events are only told to those whose filters show that they want them. */
    private @Nullable String type(Fields attributes) {
        JsonNode type = attributes.get("type");
        if (type == null || !type.isString() || Expressions.isExpression(type.stringValue())) {
            return null;
        }
        String text = type.stringValue();
        if (!ValuePattern.hasMetacharacters(text)) {
            return text;
        }
        return meansLifecycle(text, attributes.pointer("type")) ? LifecycleTypes.FAMILY : null;
    }

    private boolean meansLifecycle(String pattern, String pointer) {
        try {
            return LifecycleTypes.areMeantBy(ValuePattern.of(pattern));
        } catch (IllegalArgumentException e) {
            return false; // reported where it is compiled
        } catch (ExpressionException e) {
            violations.report(pointer, "the regular expression takes too much work: " + e.detail());
            return false;
        }
    }

    private static @Nullable String fixed(@Nullable JsonNode value) {
        if (value == null || !value.isString()) {
            return null;
        }
        String text = value.stringValue();
        return Expressions.isExpression(text) || ValuePattern.hasMetacharacters(text) ? null : text;
    }

    private EventMatcher attribute(String name, JsonNode value, String pointer) {
        if (name.equals("data")) {
            ValueMatcher data = value(value, pointer);
            return envelope -> data.mismatch("data", envelope.get("data"));
        }
        if (!ATTRIBUTE.matcher(name).matches()) {
            violations.report(pointer, "'" + name + "' is no event attribute: lower-case letters and digits make one");
        }
        if (value.isContainer() || value.isNull()) {
            violations.report(pointer, "must be a string, a number or a boolean, not " + Fields.kind(value));
        }
        if (value.isString() && Expressions.isExpression(value.stringValue())) {
            String source = value.stringValue().strip();
            var expression = expressions.compile(source, pointer, Set.of());
            return envelope ->
                    new ValueMatcher.Computed(expression, source, envelope).mismatch(name, envelope.get(name));
        }
        if (value.isString()) {
            new Names(violations).plain(value.stringValue(), pointer);
        }
        ValueMatcher matcher = value(value, pointer);
        return envelope -> matcher.mismatch(name, envelope.get(name));
    }

    private ValueMatcher value(JsonNode value, String pointer) {
        if (value.isObject()) {
            List<ValueMatcher.Property> properties = new ArrayList<>();
            for (var property : value.properties()) {
                String place = Pointers.child(pointer, property.getKey());
                properties.add(new ValueMatcher.Property(property.getKey(), value(property.getValue(), place)));
            }
            return new ValueMatcher.Properties(properties);
        }
        if (!value.isString()) {
            return new ValueMatcher.Equal(value);
        }
        String text = value.stringValue();
        if (Expressions.isExpression(text)) {
            return new ValueMatcher.Computed(expressions.compile(text, pointer, Set.of()), text.strip(), null);
        }
        try {
            return new ValueMatcher.Text(ValuePattern.of(text));
        } catch (IllegalArgumentException e) {
            violations.report(pointer, Objects.requireNonNullElse(e.getMessage(), ""));
            return new ValueMatcher.Equal(value);
        }
    }
}
