package dev.sluice.gateway.request;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.util.MultiValueMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which page of a list, newest first.
 *
 * @param limit  items on a page, 1 to {@value #MAX_LIMIT}
 * @param before id that all items of the page are older than; the greatest id for the first page
 */
public record PageRequest(int limit, UUID before) {

    /** Most items on a page. */
    public static final int MAX_LIMIT = 200;

    private static final int DEFAULT_LIMIT = 50;
    private static final UUID GREATEST = new UUID(-1, -1);

    /** From the query parameters {@code limit} and {@code cursor}. */
    public static PageRequest of(MultiValueMap<String, String> query) {
        String limit = query.getFirst("limit");
        String cursor = query.getFirst("cursor");
        return new PageRequest(
                limit == null ? DEFAULT_LIMIT : limit(limit),
                cursor == null
                        ? GREATEST
                        : Ids.parse(cursor).orElseThrow(() -> invalid("cursor", "Use 'next' of a page.")));
    }

    /** How many rows to read: one more than fit shows whether there is a next page. */
    public int rows() {
        return limit + 1;
    }

    /** The page as JSON, from up to {@link #rows()} items. */
    public <T> ObjectNode render(List<T> rows, Function<T, ObjectNode> form, Function<T, UUID> id) {
        List<T> shown = rows.subList(0, Math.min(limit, rows.size()));
        ObjectNode page = Json.object();
        ArrayNode items = page.putArray("items");
        shown.forEach(item -> items.add(form.apply(item)));
        if (rows.size() > limit) {
            page.put("next", id.apply(shown.getLast()).toString());
        } else {
            page.putNull("next");
        }
        return page;
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw invalidLimit();
        }
        throw invalidLimit();
    }

    private static SluiceException invalidLimit() {
        return invalid("limit", "A number from 1 to " + MAX_LIMIT + " is expected.");
    }

    private static SluiceException invalid(String name, String detail) {
        return new SluiceException(
                ProblemType.INVALID_REQUEST,
                "The query parameter '" + name + "' is not valid.",
                List.of(Violation.at("", "?" + name + ": " + detail)));
    }
}
