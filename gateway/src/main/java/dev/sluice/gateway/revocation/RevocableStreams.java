package dev.sluice.gateway.revocation;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.change.Change;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.stream.BreakOff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The answers that last no longer than their caller's standing: each ends when its key, session or membership is taken back or
 * becomes something else, and at its end. What is told of a change is only that something is other than it was at some time, maybe before
 * the answer was begun: so it is asked anew who the caller is, and an answer ends when that is somebody else, nobody, or cannot be told. An
 * event stream ends without an error: whoever may still follow comes again; the others get 401 or 403. A download breaks off, since it
 * would look whole otherwise. Thread-safe, does not block.
 */
public final class RevocableStreams {

    /** Nobody follows for so long, and a timer counts in nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Set<Open> open = ConcurrentHashMap.newKeySet();
    private final Function<ServerWebExchange, Mono<Caller>> callers;
    private final Clock clock;

    /**
     * None yet.
     *
     * @param callers whose an exchange is now; an error or nothing when it is nobody's
     */
    public RevocableStreams(Function<ServerWebExchange, Mono<Caller>> callers, Clock clock) {
        this.callers = callers;
        this.clock = clock;
    }

    /** An exchange of this gateway. No record: one is put into a set for each request, and is only ever itself. */
    private final class Open implements Standing {

        private final ServerWebExchange exchange;
        private final Caller caller;
        private final Sinks.Empty<Void> end = Sinks.empty();
        private final Sinks.Empty<Void> otherRules = Sinks.empty();
        private final Disposable.Swap watch = Disposables.swap();

        Open(ServerWebExchange exchange, Caller caller) {
            this.exchange = exchange;
            this.caller = caller;
        }

        @Override
        public <T> Flux<T> events(Flux<T> events) {
            Mono<Void> over = Mono.firstWithSignal(end.asMono(), otherRules.asMono(), expiry(caller));
            return Flux.defer(() -> {
                look();
                return events.takeUntilOther(over);
            });
        }

        @Override
        public <T> Flux<T> download(Flux<T> parts) {
            Mono<Void> over = Mono.firstWithSignal(end.asMono(), whileDownloading(caller));
            return Flux.defer(() -> {
                look();
                return BreakOff.when(parts, over.then(Mono.error(RevocableStreams::revoked)));
            });
        }

        void tell(Change change) {
            switch (change.type()) {
                case MASKING_CHANGED -> finish(otherRules);
                // Who is closed may not be known yet where callers are looked up.
                case ORGANIZATION_CLOSED -> finish(end);
                case KEY_REVOKED,
                        KEY_ROTATED,
                        SESSION_ENDED,
                        PERSON_SECURED,
                        MEMBER_CHANGED,
                        ROLE_CHANGED,
                        ROUTE_CHANGED,
                        CORS_CHANGED,
                        QUOTA_CHANGED,
                        PLAN_CHANGED -> look();
            }
        }

        /**
         * Ends it unless the caller is who they were, and as long as they are now said to be. The look before this one saw less, whichever
         * of them is done first: so each has its place before it looks.
         */
        void look() {
            Disposable.Swap looking = Disposables.swap();
            watch.update(looking);
            looking.update(callers.apply(exchange)
                    .filter(caller::isWho)
                    .flatMap(RevocableStreams.this::whileDownloading)
                    .subscribe(none -> {}, error -> finish(end), () -> finish(end)));
        }

        /** A change may be told twice: the second finds it ended. */
        private void finish(Sinks.Empty<Void> sink) {
            Sinks.EmitResult ignored = sink.tryEmitEmpty();
        }
    }

    /**
     * An exchange in which an answer may begin that goes on for long, from before anybody knows: that other fields are hidden meanwhile is
     * not missed. Who the caller is then is looked at as the answer begins.
     */
    public Mono<Void> during(ServerWebExchange exchange, Caller caller, Function<Standing, Mono<Void>> work) {
        return Mono.using(() -> begin(exchange, caller), work, this::end);
    }

    /** As {@link Standing#download} has it, of an exchange that is nothing but a download. */
    public <T> Flux<T> download(ServerWebExchange exchange, Flux<T> parts) {
        return Flux.using(
                () -> begin(exchange, Authenticated.caller(exchange)), begun -> begun.download(parts), this::end);
    }

    private static SluiceException revoked() {
        return new SluiceException(
                ProblemType.UNAUTHENTICATED, "What this was asked for with was taken back, or means something else.");
    }

    /** Looks at those that a change is about; it may have been told already, and where callers are looked up first. */
    public void changed(Change change) {
        open.stream().filter(each -> concerns(change, each.caller)).forEach(each -> each.tell(change));
    }

    private Open begin(ServerWebExchange exchange, Caller caller) {
        Open begun = new Open(exchange, caller);
        open.add(begun);
        return begun;
    }

    private void end(Open ended) {
        open.remove(ended);
        ended.watch.dispose();
    }

    /** Tokens of providers are good for what is begun with them: they last for minutes, a download may take longer. */
    private Mono<Void> whileDownloading(Caller caller) {
        boolean token = !caller.isKey() && caller.session() == null;
        return token ? Mono.never() : expiry(caller);
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
}
