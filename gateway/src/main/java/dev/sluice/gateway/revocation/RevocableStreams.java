package dev.sluice.gateway.revocation;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.change.Change;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The answers that last no longer than their caller's standing: each ends when its key, session or membership is taken back or
 * becomes something else, when other fields are hidden from it, and at its end. An event stream ends without an error: whoever may
 * still follow comes again; the others get 401 or 403. A download breaks off, since it would look whole otherwise. Thread-safe, does not
 * block.
 */
public final class RevocableStreams {

    /** Nobody follows for so long, and a timer counts in nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Set<Open> open = ConcurrentHashMap.newKeySet();
    private final Clock clock;

    /** None yet. */
    public RevocableStreams(Clock clock) {
        this.clock = clock;
    }

    /** An exchange of this gateway. No record: one is put into a set for each request, and is only ever itself. */
    private static final class Open {

        private final Caller caller;
        private final Sinks.Empty<Void> end = Sinks.empty();
        private volatile boolean over;

        Open(Caller caller) {
            this.caller = caller;
        }

        /** Completes when it is to end. */
        Mono<Void> over(Mono<Void> expiry) {
            return Mono.firstWithSignal(end.asMono(), expiry).doOnTerminate(() -> over = true);
        }

        /** After the stream: what ends one by an error would leave its source as it is. */
        <T> Mono<T> requireStanding() {
            return over ? Mono.error(RevocableStreams::revoked) : Mono.empty();
        }
    }

    /**
     * An exchange in which an event stream may begin, from before anybody knows: a change that is told meanwhile is not missed.
     *
     * @param work is given what ends the stream: completes when the caller is no longer who they were
     */
    public Mono<Void> during(Caller caller, Function<Mono<Void>, Mono<Void>> work) {
        return Mono.using(() -> begin(caller), begun -> work.apply(begun.over(expiry(caller))), open::remove);
    }

    /**
     * A download, which breaks off with {@link ProblemType#UNAUTHENTICATED} when its caller is no longer who they were, and its source with
     * it. Tokens of providers are good for what is begun with them: they last for minutes, a download may take longer, and nobody takes them
     * back.
     */
    public <T> Flux<T> download(Caller caller, Flux<T> lines) {
        boolean token = !caller.isKey() && caller.session() == null;
        return Flux.using(
                () -> begin(caller),
                begun -> lines.takeUntilOther(begun.over(token ? Mono.never() : expiry(caller)))
                        .concatWith(Mono.defer(begun::requireStanding)),
                open::remove);
    }

    private static SluiceException revoked() {
        return new SluiceException(
                ProblemType.UNAUTHENTICATED, "What this was asked for with was taken back, or means something else.");
    }

    /** Ends those that a change is about; it may have been told already. */
    public void changed(Change change) {
        open.stream().filter(each -> concerns(change, each.caller)).forEach(RevocableStreams::end);
    }

    private Open begin(Caller caller) {
        Open begun = new Open(caller);
        open.add(begun);
        return begun;
    }

    private Mono<Void> expiry(Caller caller) {
        return Mono.defer(() -> untilEnd(caller));
    }

    private Mono<Void> untilEnd(Caller caller) {
        Instant end = caller.expiresAt();
        if (end == null) {
            return Mono.never();
        }
        Duration left = Duration.between(clock.instant(), end);
        return Mono.delay(left.isNegative() ? Duration.ZERO : LONGEST.compareTo(left) < 0 ? LONGEST : left)
                .then();
    }

    private static boolean concerns(Change change, Caller caller) {
        boolean person = caller.session() != null;
        boolean subject = caller.principal().keyId().equals(change.subject());
        return switch (change.type()) {
            case KEY_REVOKED, KEY_ROTATED -> caller.isKey() && subject;
            case SESSION_ENDED -> change.subject().equals(caller.session());
            case PERSON_SECURED, MEMBER_CHANGED -> person && subject;
            case ROUTE_CHANGED, CORS_CHANGED, QUOTA_CHANGED, PLAN_CHANGED -> false;
            // What it was begun with says what is shown in it.
            case MASKING_CHANGED ->
                caller.principal().masked() && caller.principal().organization().equals(change.organization());
            case ORGANIZATION_CLOSED -> caller.principal().organization().equals(change.organization());
            case ROLE_CHANGED -> person && caller.principal().organization().equals(change.organization());
        };
    }

    private static void end(Open stream) {
        // A change may be told twice: the second finds it ended.
        Sinks.EmitResult ignored = stream.end.tryEmitEmpty();
    }
}
