package dev.sluice.executor.run;

import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.util.List;
import reactor.core.publisher.Mono;

/** The permits of this node, or an organization's part of them, and the runs that are due and have none. */
final class RunPressure implements PressureSource {

    /** Counted no further; more is shown as this. */
    static final int MOST_COUNTED = 100_000;

    private final Permits permits;
    private final DueStore store;

    RunPressure(Permits permits, DueStore due) {
        this.permits = permits;
        this.store = due;
    }

    @Override
    public Mono<List<Bound>> bounds(Principal viewer) {
        return viewer.scope() == Principal.Scope.PLATFORM
                ? store.countDue(MOST_COUNTED)
                        .map(due -> List.of(new Bound("runs", (long) permits.limit(), permits.used(), due)))
                : store.countDue(viewer.organization(), MOST_COUNTED)
                        .map(due -> List.of(ofOrganization(viewer.organization(), due)));
    }

    private Bound ofOrganization(OrganizationId organization, long due) {
        return new Bound("runs.organization", (long) permits.limit(organization), permits.used(organization), due);
    }
}
