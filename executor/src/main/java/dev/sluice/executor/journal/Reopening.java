package dev.sluice.executor.journal;

import dev.sluice.shared.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How a run that has ended goes on: which of its former entries count no more. What they say is not lost, only passed over. */
public sealed interface Reopening {

    /** Whether a former entry at a path counts no more. */
    boolean supersedes(String path);

    /** As it stands in the journal. */
    ObjectNode toJson();

    /** Reads {@link #toJson}. */
    static Reopening of(JsonNode payload) {
        String from = text(payload, "from");
        return from == null ? new Retry(text(payload, "failed"), text(payload, "key")) : new Rerun(from);
    }

    private static @Nullable String text(JsonNode payload, String name) {
        JsonNode value = payload.path(name);
        return value.isString() ? value.asString() : null;
    }

    /**
     * The effect that failed is tried again, and all else stays.
     *
     * @param failed path of the entry that failed; absent when the fault came from no effect
     * @param key    what its next {@code Idempotency-Key} is made from; absent while the outcome is unknown, since it is the
     *               same call then
     */
    record Retry(@Nullable String failed, @Nullable String key) implements Reopening {

        /** The entry itself, that it was about to begin, and that it decided the forks and streams around it. */
        @Override
        public boolean supersedes(String path) {
            return failed != null && (path.equals(failed) || path.equals(failed + "/b") || decides(failed, path));
        }

        @Override
        public ObjectNode toJson() {
            ObjectNode payload = Json.object().put("mode", "retry");
            if (failed != null) {
                payload.put("failed", failed);
            }
            if (key != null) {
                payload.put("key", key);
            }
            return payload;
        }

        private static boolean decides(String failed, String path) {
            String inside = path.substring(0, path.length() - 1);
            return path.endsWith("/w") && (failed.startsWith(inside + "f") || failed.startsWith(inside + "i"));
        }
    }

    /**
     * Everything from one visit of a task on happens again.
     *
     * @param from path of the visit, of list positions and extended tasks only; empty for the beginning of the run
     */
    record Rerun(String from) implements Reopening {

        @Override
        public boolean supersedes(String path) {
            return from.isEmpty() || behind(path.split("/"), from.split("/"));
        }

        @Override
        public ObjectNode toJson() {
            return Json.object().put("mode", "rerun").put("from", from);
        }

        /** Whether a path is at or behind a place; what surrounds the place has ended behind it. */
        private static boolean behind(String[] path, String[] place) {
            for (int level = 0; level < place.length; level++) {
                int order = level < path.length ? Visit.of(path[level]).compareTo(Visit.of(place[level])) : 1;
                if (order != 0) {
                    return order > 0;
                }
            }
            return true;
        }
    }

    /**
     * One visit of a task in a list: the jumps back that were made before it, and where it stands; -1 is the jump itself. What else
     * there is beside the tasks of a list, or between it and its task, comes before or after all of them.
     */
    record Visit(int turn, int index) implements Comparable<Visit> {

        private static final Visit BEFORE = new Visit(0, Integer.MIN_VALUE);
        private static final Visit BETWEEN = new Visit(0, 0);
        private static final Visit AFTER = new Visit(0, Integer.MAX_VALUE);

        static Visit of(String segment) {
            return switch (segment.charAt(0)) {
                case 's', 'p' -> BEFORE;
                case 'm' -> BETWEEN;
                case 'a', 'z' -> AFTER;
                default -> ofTask(segment);
            };
        }

        private static Visit ofTask(String segment) {
            int turn = segment.indexOf('~');
            return turn < 0
                    ? new Visit(0, Integer.parseInt(segment))
                    : new Visit(
                            Integer.parseInt(segment.substring(turn + 1)),
                            turn == 0 ? -1 : Integer.parseInt(segment.substring(0, turn)));
        }

        @Override
        public int compareTo(Visit other) {
            return turn == other.turn ? Integer.compare(index, other.index) : Integer.compare(turn, other.turn);
        }
    }
}
