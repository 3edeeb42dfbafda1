package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Authentication;
import dev.sluice.executor.definition.Deferral;
import dev.sluice.executor.definition.Deferral.Address;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Gets what is compiled when a run gets there (ADR 47): computes the addresses, fetches the documents and has them compiled. The
 * documents are an entry before anything uses them, so that whatever comes after it, also after a crash, is what they said then. What
 * cannot be had is the task's outcome: errors in documents are {@code configuration}, errors on the way to them {@code
 * communication}.
 */
final class DeferralInterpreter {

    private static final String LATE = "The documents that the task needs did not come in time.";

    private final RunFacts facts;
    private final EffectLog log;
    private final Evaluations evaluations;
    private final Documents documents;
    private final BooleanSupplier owner;
    private final EngineSettings settings;

    DeferralInterpreter(
            RunFacts facts,
            EffectLog log,
            Evaluations evaluations,
            Documents documents,
            BooleanSupplier owner,
            EngineSettings settings) {
        this.facts = facts;
        this.log = log;
        this.evaluations = evaluations;
        this.documents = documents;
        this.owner = owner;
        this.settings = settings;
    }

    /**
     * What is known now.
     *
     * @param state after the entry of its documents
     */
    record Ready<T>(T value, State state) {}

    /**
     * Gets it, or gets it anew from what was recorded. Ends with the task's fault when it cannot be had.
     *
     * @param at where its documents are recorded
     */
    <T> Mono<Ready<T>> get(Deferral<T> deferral, TaskBase base, Position at, Frame frame, State state) {
        Visit<T> visit = new Visit<>(deferral, base, at, frame, state, new Sources(log.scrubber()));
        return log.find(at, base)
                .map(entry -> again(visit, entry))
                .or(() -> log.find(frame.at(), base)
                        .filter(entry -> entry.kind() == EntryKind.FAILED)
                        .map(entry -> Mono.error(Outcome.fault(entry, state.passed(entry.at())))))
                .orElseGet(() -> log.beginLong(() -> anew(visit)));
    }

    /** One that a run has come to. */
    private record Visit<T>(
            Deferral<T> deferral, TaskBase base, Position at, Frame frame, State state, Sources sources) {

        CallFailure failure(ErrorType type, @Nullable String detail) {
            return new CallFailure(type.at(base.reference(), detail));
        }
    }

    /** Where documents are found: by whoever has recorded them, or elsewhere. */
    private interface Shelf {

        Mono<Void> get(Collection<Reference> references, RemoteDocuments into);
    }

    /** The task's fault is not recorded then: it may have ended well before. */
    private <T> Mono<Ready<T>> again(Visit<T> visit, Entry entry) {
        Map<String, byte[]> recorded = Sources.recorded(entry.payload());
        Shelf shelf = (references, into) -> Mono.fromRunnable(() -> references.forEach(reference -> {
            byte[] content = recorded.get(visit.sources().told(reference.uri()));
            if (content == null) {
                into.fail(reference.uri(), "this run has not fetched it");
            } else {
                into.put(reference.uri(), content);
            }
        }));
        State state = visit.state().passed(entry.at());
        return evaluations
                .with(compiled(visit, shelf))
                .map(value -> new Ready<>(value, state))
                .onErrorMap(CallFailure.class, failure -> new TaskFault(failure.error(), state));
    }

    private <T> Mono<Ready<T>> anew(Visit<T> visit) {
        if (!owner.getAsBoolean()) {
            return Mono.error(new FencedException("the lease ran out before the documents at "
                    + visit.frame().at().path() + " were fetched"));
        }
        Shelf shelf = (references, into) -> documents.fetch(facts.organization(), references, into);
        Mono<Supplier<Mono<Ready<T>>>> ready = compiled(visit, shelf)
                .timeout(
                        settings.callTimeout(),
                        Mono.error(() -> visit.failure(ErrorType.TIMEOUT, LATE)),
                        settings.scheduler())
                .<Supplier<Mono<Ready<T>>>>map(value -> () -> record(visit, value))
                .onErrorResume(
                        CallFailure.class, failure -> Mono.just(() -> end(visit, Outcome.failed(failure.error()))));
        return limited(
                        visit,
                        settings.deferrals().inTurn(facts.organization(), ready.subscribeOn(settings.scheduler())))
                .publishOn(settings.scheduler())
                .flatMap(Supplier::get);
    }

    private <T> Mono<Supplier<Mono<Ready<T>>>> limited(Visit<T> visit, Mono<Supplier<Mono<Ready<T>>>> ready) {
        Deadline deadline = visit.frame().deadline();
        if (deadline == null) {
            return ready;
        }
        Duration left = Duration.between(settings.clock().instant(), deadline.due());
        Supplier<Mono<Ready<T>>> expired = () -> end(visit, Outcome.expired(deadline));
        return left.isPositive() ? ready.timeout(left, Mono.just(expired), settings.scheduler()) : Mono.just(expired);
    }

    private <T> Mono<Ready<T>> record(Visit<T> visit, T value) {
        return log.append(
                        EntryKind.BEGUN,
                        visit.at(),
                        visit.base(),
                        visit.sources().payload())
                .map(entry -> new Ready<>(value, visit.state().passed(entry.at())));
    }

    private <T> Mono<Ready<T>> end(Visit<T> visit, Outcome outcome) {
        return log.append(outcome, visit.frame().at(), visit.base())
                .flatMap(entry -> Mono.error(Outcome.fault(entry, visit.state().passed(entry.at()))));
    }

    private <T> Mono<T> compiled(Visit<T> visit, Shelf shelf) {
        return evaluations
                .of(() -> located(visit))
                .onErrorMap(ExpressionException.class, e -> visit.failure(ErrorType.EXPRESSION, e.detail()))
                .onErrorMap(IllegalArgumentException.class, e -> visit.failure(ErrorType.CONFIGURATION, e.getMessage()))
                .onErrorMap(UnknownSecretException.class, e -> visit.failure(ErrorType.AUTHORIZATION, e.getMessage()))
                .flatMap(located -> compiled(visit, located, shelf));
    }

    private <T> Mono<T> compiled(Visit<T> visit, Located located, Shelf shelf) {
        return settings.deferrals()
                .compile(visit.deferral(), located.addresses(), visit.sources().contents())
                .publishOn(settings.scheduler())
                .flatMap(outcome -> switch (outcome) {
                    case Deferral.Outcome.Known<T> known -> Mono.just(known.value());
                    case Deferral.Outcome.Invalid<T> invalid ->
                        Mono.error(visit.failure(ErrorType.CONFIGURATION, invalid.reason()));
                    case Deferral.Outcome.Missing<T> missing ->
                        fetched(visit, located.saying(missing.references()), shelf)
                                .then(Mono.defer(() -> compiled(visit, located, shelf)));
                });
    }

    private <T> Mono<Void> fetched(Visit<T> visit, Collection<Reference> references, Shelf shelf) {
        return Mono.defer(() -> {
            RemoteDocuments all = new RemoteDocuments();
            visit.sources().contents().forEach(all::put);
            return shelf.get(references, all)
                    .onErrorMap(
                            DeferralInterpreter::isTooMuch, e -> visit.failure(ErrorType.CONFIGURATION, e.getMessage()))
                    .publishOn(settings.scheduler())
                    .then(Mono.fromRunnable(() -> references.forEach(reference -> take(visit, reference.uri(), all))));
        });
    }

    private static void take(Visit<?> visit, URI uri, RemoteDocuments from) {
        String failure = from.failures().get(uri);
        if (failure != null) {
            String detail = "The document at " + uri + " cannot be fetched: " + failure;
            throw new CallFailure(
                    ErrorType.COMMUNICATION.at(visit.base().reference(), 502, "Communication Error", detail));
        }
        visit.sources().add(uri, from.content(uri)).ifPresent(problem -> {
            throw visit.failure(ErrorType.CONFIGURATION, "The document at " + uri + " cannot be used: " + problem);
        });
    }

    private static boolean isTooMuch(Throwable error) {
        return error instanceof SluiceException problem && problem.type() == ProblemType.INVALID_DOCUMENT;
    }

    private static Located located(Visit<?> visit) {
        Map<String, URI> addresses = new HashMap<>();
        Map<Authentication, Authentication> policies = new HashMap<>();
        JsonNode input = visit.state().data();
        for (Address address : visit.deferral().addresses()) {
            addresses.put(
                    address.pointer(),
                    Address.of(address.uri().evaluate(input, visit.frame().scope())));
            Authentication policy = address.authentication();
            if (policy != null) {
                JsonNode settings =
                        policy.settings().evaluate(input, visit.frame().scope());
                policies.put(policy, new Authentication(policy.scheme(), (nothing, scope) -> settings));
            }
        }
        return new Located(addresses, policies);
    }

    /**
     * Where documents are, and how whoever fetches them says who it is.
     *
     * @param policies with their settings evaluated, by what they are in the workflow
     */
    private record Located(Map<String, URI> addresses, Map<Authentication, Authentication> policies) {

        List<Reference> saying(Collection<Reference> references) {
            return references.stream()
                    .map(reference -> new Reference(
                            reference.uri(),
                            reference.authentication() == null ? null : policies.get(reference.authentication())))
                    .toList();
        }
    }
}
