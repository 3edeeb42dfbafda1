package dev.sluice.executor.dispatch;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Where a walk over the events without a receipt is. Pages keep each statement small, and an organization whose stream
 * is full is left out from then on, so that its flood does not keep the walk from the others.
 *
 * @param from   last event seen, or where the walk begins
 * @param before where the walk ends
 * @param full   organizations left out
 */
record Window(UUID from, UUID before, List<OrganizationId> full, boolean ended) {

    static final int PAGE = 1_000;

    /** A walk that leaves out some from the beginning. */
    Window(UUID from, UUID before, List<OrganizationId> full) {
        this(from, before, full, false);
    }

    /** The same end, but no earlier beginning than this. */
    Window notBefore(UUID earliest) {
        return from.compareTo(earliest) < 0 ? new Window(earliest, before, full) : this;
    }

    Window next(List<DispatchStore.Unreceived> found, List<OrganizationId> nowFull) {
        List<OrganizationId> without = new ArrayList<>(full);
        without.addAll(nowFull);
        boolean last = found.size() < PAGE;
        UUID reached = last ? before : found.getLast().id();
        return new Window(reached, before, List.copyOf(without), last);
    }
}
