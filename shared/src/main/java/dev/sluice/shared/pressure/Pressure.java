package dev.sluice.shared.pressure;

import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All bounds of one process: shown on request, and, those of the node, as the meters {@code sluice.pressure.limit},
 * {@code .used} and {@code .waiting} with the tag {@code bound}. A source that cannot tell, or not in time, is left out, and
 * it is said that something is missing. Thread-safe.
 */
public final class Pressure implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Pressure.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final UUID NOBODY = new UUID(0, 0);
    private static final Principal METERS = new Principal(new OrganizationId(NOBODY), NOBODY, Principal.Scope.PLATFORM);

    private final String service;
    private final String node;
    private final List<PressureSource> sources;
    private final Disposable.Swap metering = Disposables.swap();

    /**
     * The bounds of these owners.
     *
     * @param service gateway or executor
     * @param node    the process among its peers
     */
    public Pressure(String service, String node, List<PressureSource> sources) {
        this.service = service;
        this.node = node;
        this.sources = List.copyOf(sources);
    }

    /** What a viewer may see; never an error. */
    public Mono<ObjectNode> of(Principal viewer) {
        return collect(viewer).map(this::json);
    }

    /** Keeps the meters, by a look every {@code INTERVAL}, until disposed. */
    public void meter(MeterRegistry registry, Scheduler scheduler) {
        MultiGauge limits = MultiGauge.builder("sluice.pressure.limit").register(registry);
        MultiGauge used = MultiGauge.builder("sluice.pressure.used").register(registry);
        MultiGauge waiting = MultiGauge.builder("sluice.pressure.waiting").register(registry);
        Mono<Found> measured = collect(METERS).doOnNext(found -> {
            register(limits, found, bound -> bound.limit() == null ? Double.NaN : bound.limit());
            register(used, found, Bound::used);
            register(waiting, found, bound -> bound.waiting() == null ? 0 : bound.waiting());
        });
        metering.update(Recurring.every(Duration.ZERO, INTERVAL, scheduler)
                .start(() -> measured, error -> LOG.warn("The meters could not be kept: {}", error.toString())));
    }

    @Override
    public void dispose() {
        metering.dispose();
    }

    private record Found(List<Bound> bounds, boolean complete) {}

    private Mono<Found> collect(Principal viewer) {
        return Flux.fromIterable(sources)
                .concatMap(source -> Mono.defer(() -> source.bounds(viewer))
                        .timeout(PATIENCE)
                        .map(bounds -> new Found(bounds, true))
                        .onErrorResume(Pressure::missing))
                .reduce(new Found(List.of(), true), Pressure::both);
    }

    private static Mono<Found> missing(Throwable error) {
        LOG.debug("Some bounds are not known: {}", error.toString());
        return Mono.just(new Found(List.of(), false));
    }

    private static Found both(Found one, Found other) {
        return new Found(
                Stream.concat(one.bounds().stream(), other.bounds().stream()).toList(),
                one.complete() && other.complete());
    }

    private static void register(MultiGauge gauge, Found found, ToDoubleFunction<Bound> value) {
        gauge.register(
                found.bounds().stream()
                        .map(bound -> MultiGauge.Row.of(Tags.of("bound", bound.name()), value.applyAsDouble(bound)))
                        .toList(),
                true);
    }

    private ObjectNode json(Found found) {
        ObjectNode document = Json.object();
        document.put("service", service);
        document.put("node", node);
        document.put("complete", found.complete());
        ArrayNode bounds = document.putArray("bounds");
        found.bounds().forEach(bound -> bounds.add(bound.toJson()));
        return document;
    }
}
