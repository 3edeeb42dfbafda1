package dev.sluice.shared.pressure;

import dev.sluice.shared.tenancy.Principal;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** An owner of bounds. */
@FunctionalInterface
public interface PressureSource {

    /** The bounds a viewer may see: the platform those of the node, others their own part; an error when nobody can tell. */
    Mono<List<Bound>> bounds(Principal viewer);

    /** Bounds of the node as a whole, which only the platform sees. */
    static PressureSource ofNode(Supplier<List<Bound>> bounds) {
        return viewer -> viewer.scope() == Principal.Scope.PLATFORM ? Mono.fromSupplier(bounds) : Mono.just(List.of());
    }
}
