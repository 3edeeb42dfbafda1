package dev.sluice.shared.web;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which part of a list a request asks for ({@code limit}, {@code cursor}).
 *
 * @param limit  most items, 1 to {@value #MAX_LIMIT}
 * @param cursor where the former page ended, as the list's owner wrote it; absent for the first page
 */
public record Page(int limit, @Nullable String cursor) {

    /** Most items on any page. */
    public static final int MAX_LIMIT = 200;

    private static final int DEFAULT_LIMIT = 50;
    private static final UUID GREATEST_ID = new UUID(-1, -1);

    /** Reads the query parameters; {@link ProblemType#INVALID_REQUEST} when one is not usable. */
    public static Page of(ServerRequest request) {
        int limit = request.queryParam("limit").map(Page::limit).orElse(DEFAULT_LIMIT);
        return new Page(limit, request.queryParam("cursor").map(Page::decode).orElse(null));
    }

    /**
     * The cursor of a list that goes from the newest id to the oldest: all items of the page are older; the greatest id for
     * the first page. {@link ProblemType#INVALID_REQUEST} when the cursor is none of such a list.
     */
    public UUID before() {
        return cursor == null
                ? GREATEST_ID
                : Ids.parse(cursor).orElseThrow(() -> invalid("cursor", "expected the 'next' of the former page"));
    }

    /**
     * The cursor of a list that goes from the greatest number to the least: all items of the page have a lower one; the
     * greatest there is for the first page. {@link ProblemType#INVALID_REQUEST} when the cursor is none of such a list.
     */
    public long beforeNumber() {
        try {
            return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw invalid("cursor", "expected the 'next' of the former page");
        }
    }

    /** How many rows to read: one more than fit shows whether there is a next page. */
    public int rows() {
        return limit + 1;
    }

    /**
     * The page as JSON.
     *
     * @param found  up to one item more than {@link #limit}, which tells that there is a next page
     * @param cursor where to go on after an item
     */
    public <T> ObjectNode document(List<T> found, Function<T, ObjectNode> item, Function<T, String> cursor) {
        List<T> shown = found.size() > limit ? found.subList(0, limit) : found;
        ObjectNode node = Json.object();
        ArrayNode items = node.putArray("items");
        shown.forEach(value -> items.add(item.apply(value)));
        if (found.size() > limit) {
            node.put("next", encode(cursor.apply(shown.getLast())));
        } else {
            node.putNull("next");
        }
        return node;
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Falls through to the same answer as a number out of range.
        }
        throw invalid("limit", "expected a number from 1 to " + MAX_LIMIT);
    }

    private static String encode(String cursor) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        try {
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid("cursor", "expected the 'next' of the former page");
        }
    }

    private static SluiceException invalid(String parameter, String detail) {
        return new SluiceException(
                ProblemType.INVALID_REQUEST,
                "The query parameter '" + parameter + "' is not valid.",
                List.of(Violation.at("", parameter + ": " + detail)));
    }
}
