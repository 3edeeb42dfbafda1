package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the {@code with} of {@code call: stream}, a function of the default catalog: an HTTP call, and how its response is read. */
final class StreamCompiler {

    /** What it is called in the default catalog; {@code stream} alone means the same. */
    static final String CATALOGED = "stream:1.0.0@default";

    static final String NAME = "stream";

    private static final int MOST_AT_ONCE = 1_000;
    private static final int MOST_ELEMENTS = 10_000;
    private static final int LARGEST_PAGE = 100_000;
    private static final int LARGEST_NUMBER = 1_000_000_000;

    private final Compilers compilers;
    private final Violations violations;

    StreamCompiler(Compilers compilers) {
        this.compilers = compilers;
        this.violations = compilers.violations();
    }

    Task compile(TaskBase base, Fields with, Scope scope) {
        HttpCall request = compilers.http().request(with, scope.call(), HttpCall.Output.CONTENT, false);
        StreamCall.Format format = format(with);
        Pagination pages = pages(with, format, scope);
        Expression select = compilers.expressions().optionalAll(with, "select", scope.definition());
        if (select == null && (pages instanceof Pagination.Offset || pages instanceof Pagination.Page)) {
            violations.report(
                    with.pointer(), "'select' is missing, which says what a page has: without elements it is the last");
        }
        String item = compilers.names().variable(with, "item", "item");
        String at = compilers.names().variable(with, "at", "index");
        if (item.equals(at)) {
            violations.report(with.pointer(), "'item' and 'at' must be different names");
        }
        TaskList tasks =
                with.has("do") ? compilers.lists().compile(with, "do", scope.with(item, at)) : new TaskList(List.of());
        int concurrency = concurrency(with, tasks);
        StreamCall.Collect collect = with.choice("collect", StreamCall.Collect.class, StreamCall.Collect.NONE);
        int limit = limit(with, collect);
        with.close();
        StreamCall source = new StreamCall(request, format, pages, select);
        return new Task.ReadStream(base, source, item, at, tasks, concurrency, collect, limit);
    }

    private StreamCall.Format format(Fields with) {
        var _ = with.required("format");
        return with.choice("format", StreamCall.Format.class, StreamCall.Format.NDJSON);
    }

    private int concurrency(Fields with, TaskList tasks) {
        Integer concurrency = with.integer("concurrency", 1, MOST_AT_ONCE);
        if (concurrency == null || concurrency == 1) {
            return 1;
        }
        if (tasks.tasks().isEmpty()) {
            violations.report(with.pointer("concurrency"), "is of no use without 'do'");
        }
        compilers.composites().checkNoExport(tasks.tasks());
        return concurrency;
    }

    private int limit(Fields with, StreamCall.Collect collect) {
        Integer limit = with.integer("limit", 1, MOST_ELEMENTS);
        if (limit != null && collect != StreamCall.Collect.ARRAY) {
            violations.report(with.pointer("limit"), "is of no use without 'collect: array'");
        }
        return limit == null ? MOST_ELEMENTS : limit;
    }

    private @Nullable Pagination pages(Fields with, StreamCall.Format format, Scope scope) {
        Fields pages = with.object("pages");
        if (format != StreamCall.Format.PAGES) {
            if (pages != null) {
                violations.report(pages.pointer(), "is of no use without 'format: pages'");
            }
            return null;
        }
        if (pages == null) {
            violations.report(with.pointer(), "'pages' is missing, which says how a page leads to the next one");
            return null;
        }
        List<Pagination> found = new ArrayList<>();
        cursor(pages, found, scope.definition());
        offset(pages, found);
        page(pages, found);
        if (Boolean.TRUE.equals(pages.bool("link"))) {
            found.add(new Pagination.Link());
        }
        pages.close();
        if (found.size() != 1) {
            violations.report(pages.pointer(), "needs one of cursor, offset, page, and link: true");
            return null;
        }
        return found.getFirst();
    }

    private void cursor(Fields pages, List<Pagination> found, Set<String> variables) {
        Fields cursor = pages.object("cursor");
        if (cursor == null) {
            return;
        }
        var _ = cursor.required("from");
        Expression from = compilers.expressions().optional(cursor, "from", variables);
        String parameter = cursor.text("parameter");
        cursor.close();
        found.add(new Pagination.Cursor(from == null ? (input, arguments) -> input : from, parameter));
    }

    private void offset(Fields pages, List<Pagination> found) {
        Fields offset = pages.object("offset");
        if (offset == null) {
            return;
        }
        String parameter = offset.text("parameter");
        String limitParameter = offset.text("limitParameter");
        var _ = offset.required("limit");
        Integer limit = offset.integer("limit", 1, LARGEST_PAGE);
        offset.close();
        found.add(new Pagination.Offset(
                parameter == null ? "offset" : parameter, limitParameter, limit == null ? 1 : limit));
    }

    private void page(Fields pages, List<Pagination> found) {
        Fields page = pages.object("page");
        if (page == null) {
            return;
        }
        String parameter = page.text("parameter");
        Integer first = page.integer("first", 0, LARGEST_NUMBER);
        page.close();
        found.add(new Pagination.Page(parameter == null ? "page" : parameter, first == null ? 1 : first));
    }
}
