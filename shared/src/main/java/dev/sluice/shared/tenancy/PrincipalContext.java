package dev.sluice.shared.tenancy;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The one typed accessor of the principal in a Reactor context. */
public final class PrincipalContext {

    private static final Object KEY = PrincipalContext.class;

    private PrincipalContext() {}

    /** Writes the principal for everything upstream; use with {@code contextWrite}. */
    public static Context with(Context context, Principal principal) {
        return context.put(KEY, principal);
    }

    /** The principal of the subscriber; an error {@link ProblemType#UNAUTHENTICATED} when nobody was authenticated. */
    public static Mono<Principal> current() {
        return Mono.deferContextual(context -> Mono.just(of(context)));
    }

    /** The principal of a context. */
    public static Principal of(ContextView context) {
        if (!context.hasKey(KEY)) {
            throw new SluiceException(ProblemType.UNAUTHENTICATED, "Send an API key as 'Authorization: Bearer <key>'.");
        }
        return context.get(KEY);
    }
}
