package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expressions;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code emit} and {@code listen}. */
final class EventTaskCompiler {

    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]{1,40}");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[^/;\\s]+/[^/;\\s]+(\\s*;.*)?");
    private static final List<String> TEXTS =
            List.of("id", "source", "type", "subject", "time", "datacontenttype", "dataschema");

    private final Compilers compilers;
    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final ConsumptionCompiler consumptions;

    EventTaskCompiler(Compilers compilers) {
        this.compilers = compilers;
        this.violations = compilers.violations();
        this.expressions = compilers.expressions();
        this.consumptions = new ConsumptionCompiler(violations, expressions);
    }

    @Nullable
    Task emit(TaskBase base, Fields fields, Scope scope) {
        Fields emit = fields.object("emit");
        JsonNode required = emit == null ? null : emit.required("event");
        if (emit == null || required == null) {
            return null;
        }
        emit.close();
        Fields event = Fields.of(required, emit.pointer("event"), violations);
        JsonNode with = event.required("with");
        event.close();
        if (with == null) {
            return null;
        }
        String pointer = event.pointer("with");
        attributes(Fields.of(with, pointer, violations), with);
        return new Task.Emit(base, expressions.template(with, pointer, scope.definition()));
    }

    private void attributes(Fields with, JsonNode value) {
        var _ = with.required("type");
        for (String name : value.propertyNames()) {
            JsonNode attribute = value.get(name);
            String place = with.pointer(name);
            if (name.equals("data")) {
                continue;
            }
            if (name.equals("specversion") || !ATTRIBUTE.matcher(name).matches()) {
                violations.report(
                        place, "'" + name + "' is no attribute to set: lower-case letters and digits make one");
            }
            if (attribute.isContainer() || attribute.isNull() || (TEXTS.contains(name) && !attribute.isString())) {
                violations.report(place, "must be a string, not " + Fields.kind(attribute));
            } else {
                literal(name, attribute, place);
            }
        }
    }

    private void literal(String name, JsonNode attribute, String place) {
        if (!attribute.isString() || Expressions.isExpression(attribute.stringValue())) {
            return;
        }
        String text = attribute.stringValue();
        if (text.isEmpty()) {
            violations.report(place, "must not be empty");
        }
        if (name.equals("datacontenttype") && !MEDIA_TYPE.matcher(text).matches()) {
            violations.report(place, "'" + text + "' is no media type such as text/plain");
        }
        if (name.equals("time") && !isTime(text)) {
            violations.report(place, "must be a time such as 2026-01-31T12:00:00Z");
        }
    }

    private static boolean isTime(String text) {
        try {
            var _ = OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    @Nullable
    Task listen(TaskBase base, Fields fields, Scope scope) {
        Fields listen = fields.object("listen");
        Fields foreach = fields.object("foreach");
        JsonNode required = listen == null ? null : listen.required("to");
        if (listen == null) {
            return null;
        }
        Workflow.EventRead read = listen.choice("read", Workflow.EventRead.class, Workflow.EventRead.DATA);
        listen.close();
        EventLoop loop = foreach == null ? null : loop(foreach, scope);
        if (required == null) {
            return null;
        }
        Fields to = Fields.of(required, listen.pointer("to"), violations);
        Consumption consumption = consumptions.compile(to, scope.definition());
        compilers.listeners().put(base.reference(), consumption);
        return new Task.Listen(base, consumption, read, loop);
    }

    /** What is done with each event or message. */
    EventLoop loop(Fields foreach, Scope scope) {
        String item = compilers.names().variable(foreach, "item", "item");
        String at = compilers.names().variable(foreach, "at", "index");
        if (item.equals(at)) {
            violations.report(foreach.pointer(), "'item' and 'at' must be different names");
        }
        Scope inside = scope.with(item, at);
        TaskList tasks = foreach.has("do") ? compilers.lists().compile(foreach, "do", inside) : new TaskList(List.of());
        EventLoop loop = new EventLoop(
                item,
                at,
                tasks,
                compilers.transformation(foreach.object("output"), "as", inside.definition(), scope.definition()),
                compilers.transformation(foreach.object("export"), "as", inside.export(false), scope.definition()));
        foreach.close();
        return loop;
    }
}
