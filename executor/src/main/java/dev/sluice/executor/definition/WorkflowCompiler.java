package dev.sluice.executor.definition;

import dev.sluice.executor.definition.Workflow.EventRead;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.ExpressionMode;
import dev.sluice.executor.expression.limit.Limits;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles a document as a whole. */
final class WorkflowCompiler {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");
    private static final Pattern VERSION = Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
            + "(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
            + "(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");
    private static final int LONGEST_VERSION = 100;

    /** Of schemas and regular expressions, which as compiled are larger than they are written: all of a document together. */
    private static final Limits WORK = Allowance.LIMITS;

    private static final WorkflowName NAMELESS = new WorkflowName("", "", "");

    private final Violations violations;
    private final Reusables reusables;
    private final Compilers compilers;

    private WorkflowCompiler(Violations violations, ExpressionMode mode, RemoteDocuments remote) {
        this.violations = violations;
        this.reusables = new Reusables(violations);
        this.compilers = new Compilers(violations, reusables, mode, remote);
    }

    /**
     * The compiled document.
     *
     * @throws dev.sluice.shared.problem.SluiceException with all violations
     */
    static Workflow compile(SourceDocument source, RemoteDocuments remote) {
        Violations violations = new Violations(source.places());
        WorkflowCompiler compiler = new WorkflowCompiler(violations, mode(source.root()), remote);
        Workflow workflow = Allowance.together(WORK, () -> false).during(() -> compiler.workflow(source.root()));
        violations.throwIfAny();
        return workflow;
    }

    private Workflow workflow(JsonNode root) {
        Fields fields = Fields.of(root, "", violations);
        JsonNode required = fields.required("document");
        Fields document = required == null ? null : Fields.of(required, fields.pointer("document"), violations);
        WorkflowName name = document == null ? NAMELESS : name(document);
        Fields sluice = document == null ? null : settings(document);
        Fields settings = sluice == null ? null : sluice.object("schedule");
        Integer priority = sluice == null ? null : sluice.integer("priority", 0, Workflow.LOWEST_PRIORITY);
        if (sluice != null) {
            sluice.close();
        }
        reusables.read(fields.object("use"));
        compilers.timeouts().checkReusable();
        compilers.errors().checkReusable();
        compilers.retries().checkReusable();
        compilers.authentications().checkReusable();
        compilers.extensions().compile(reusables.extensions(), "/use/extensions");
        compilers.catalogs().checkReusable();
        compilers.calls().compileReusable();
        evaluate(fields.object("evaluate"));
        Fields schedule = fields.object("schedule");
        ScheduleCompiler schedules = new ScheduleCompiler(violations, compilers.expressions(), compilers.durations());
        Consumption on = schedules.events(schedule);
        Schedule times = schedules.times(schedule, settings);
        if (settings != null) {
            settings.close();
        }
        Transformation input = compilers.transformation(fields.object("input"), "from", Scope.workflowInput());
        TaskList tasks = compilers.lists().compile(fields, "do", Scope.OUTERMOST);
        compilers.pending().compile();
        Workflow workflow = new Workflow(
                name,
                root,
                input,
                tasks,
                compilers.transformation(fields.object("output"), "as", Scope.workflowOutput()),
                compilers.timeouts().optional(fields, Scope.workflow()),
                on,
                times,
                read(schedule),
                Set.copyOf(reusables.secrets()),
                Map.copyOf(compilers.functions()),
                compilers.extensions().all(),
                Map.copyOf(compilers.listeners()),
                priority == null ? Workflow.DEFAULT_PRIORITY : priority);
        fields.close();
        return workflow;
    }

    private static EventRead read(@Nullable Fields schedule) {
        if (schedule == null) {
            return EventRead.DATA;
        }
        EventRead read = schedule.choice("read", EventRead.class, EventRead.DATA);
        schedule.close();
        return read;
    }

    /** {@code metadata.sluice}; the rest of the metadata is the author's own. */
    private static @Nullable Fields settings(Fields document) {
        Fields metadata = document.object("metadata");
        Fields sluice = metadata == null ? null : metadata.object("sluice");
        document.close();
        return sluice;
    }

    private WorkflowName name(Fields document) {
        String dsl = matching(document, "dsl", VERSION, "a semantic version");
        if (!dsl.isEmpty() && !dsl.startsWith("1.0.")) {
            violations.report(
                    document.pointer("dsl"), "version " + dsl + " is not supported; use 1.0.x, such as 1.0.3");
        }
        String naming = "1 to 63 letters, digits and inner hyphens";
        WorkflowName name = new WorkflowName(
                matching(document, "namespace", NAME, naming),
                matching(document, "name", NAME, naming),
                matching(document, "version", VERSION, "a semantic version such as 1.0.0"));
        if (document.has("title")) {
            var _ = document.text("title");
        }
        if (document.has("summary")) {
            var _ = document.text("summary");
        }
        document.freeForm("tags");
        return name;
    }

    private String matching(Fields fields, String name, Pattern pattern, String expectation) {
        String text = fields.requiredText(name);
        if (text == null) {
            return "";
        }
        if (text.length() > LONGEST_VERSION || !pattern.matcher(text).matches()) {
            violations.report(fields.pointer(name), "must be " + expectation);
            return "";
        }
        return text;
    }

    /** It comes before all else, since it says what a string is. */
    private static ExpressionMode mode(JsonNode root) {
        boolean loose = root.path("evaluate").path("mode").asString("").equals("loose");
        return loose ? ExpressionMode.LOOSE : ExpressionMode.STRICT;
    }

    private void evaluate(@Nullable Fields evaluate) {
        if (evaluate == null) {
            return;
        }
        String language = evaluate.text("language");
        if (language != null && !language.equals("jq")) {
            violations.report(evaluate.pointer("language"), "language '" + language + "' is not available, only jq");
        }
        var _ = evaluate.choice("mode", ExpressionMode.class, ExpressionMode.STRICT);
        evaluate.close();
    }
}
