package dev.sluice.gateway.executor;

import dev.sluice.shared.background.Recurring;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpResources;
import reactor.netty.transport.AddressUtils;
import reactor.netty.transport.NameResolverProvider;

/**
 * The executors there are. A name stands for all addresses that it has, such as those behind a headless service of Kubernetes,
 * and is looked up again and again; one that cannot be looked up keeps the addresses it had. Of three at random the one is chosen
 * that is well, and of those that are, the one with the fewest requests waiting; where none is well, any. Thread-safe.
 */
public final class Executors implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Executors.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int HTTP = 80;
    private static final int DRAWS = 3;

    private final ExecutorHttp http;
    private final List<InetSocketAddress> names;
    private final Function<InetSocketAddress, Mono<List<InetSocketAddress>>> lookUp;
    private final Map<InetSocketAddress, List<InetSocketAddress>> found = new ConcurrentHashMap<>();
    private final Runnable closing;
    private final Disposable looking;
    private volatile Map<InetSocketAddress, Executor> known = Map.of();
    private volatile List<Executor> all;

    /** Those of the settings, until their names have been looked up. */
    public Executors(ExecutorHttp http, ExecutorSettings settings) {
        this(http, settings, dns());
    }

    private Executors(ExecutorHttp http, ExecutorSettings settings, AddressResolverGroup<InetSocketAddress> resolvers) {
        this(http, settings, name -> resolve(resolvers, name), resolvers::close);
    }

    /**
     * With another way to look names up.
     *
     * @param closing what ends that
     */
    Executors(
            ExecutorHttp http,
            ExecutorSettings settings,
            Function<InetSocketAddress, Mono<List<InetSocketAddress>>> lookUp,
            Runnable closing) {
        this.http = http;
        this.closing = closing;
        this.names = settings.url().stream().map(Executors::address).toList();
        this.lookUp = lookUp;
        this.all = renewed();
        this.looking = Recurring.every(Duration.ZERO, settings.resolveEvery(), Schedulers.parallel())
                .within(LIMIT)
                .start(this::look, Executors::failed);
    }

    @Override
    public void dispose() {
        looking.dispose();
        closing.run();
    }

    /** The one for the next request. */
    public Executor choose() {
        return choose(all);
    }

    private static Executor choose(List<Executor> now) {
        Executor best = any(now);
        for (int i = 1; i < DRAWS && now.size() > 1; i++) {
            Executor other = any(now);
            best = isBetter(other, best) ? other : best;
        }
        return best;
    }

    /** The one for a request that another one failed; that one again where there is no other. */
    public Executor chooseOther(Executor failed) {
        List<Executor> others =
                all.stream().filter(each -> !each.equals(failed)).toList();
        return others.isEmpty() ? failed : choose(others);
    }

    /** How many there are. */
    public int count() {
        return all.size();
    }

    /** Where they are; a name stands here until it has been looked up. */
    Set<InetSocketAddress> addresses() {
        return known.keySet();
    }

    private static Executor any(List<Executor> executors) {
        return executors.get(ThreadLocalRandom.current().nextInt(executors.size()));
    }

    private static boolean isBetter(Executor one, Executor other) {
        return one.isWell() == other.isWell() ? one.waiting() < other.waiting() : one.isWell();
    }

    private Mono<Void> look() {
        return Flux.fromIterable(names)
                .filter(InetSocketAddress::isUnresolved)
                .concatMap(name -> lookUp.apply(name)
                        .filter(addresses -> !addresses.isEmpty())
                        .doOnNext(addresses -> found.put(name, addresses))
                        .onErrorResume(error -> {
                            failed(error);
                            return Mono.empty();
                        }))
                .then(Mono.fromRunnable(() -> all = renewed()));
    }

    /** Those that are known already stay what they are, with all that is known of them. */
    private List<Executor> renewed() {
        Map<InetSocketAddress, Executor> now = new LinkedHashMap<>();
        names.stream()
                .flatMap(name -> found.getOrDefault(name, List.of(name)).stream())
                .forEach(address -> now.computeIfAbsent(
                        address, one -> known.containsKey(one) ? known.get(one) : new Executor(http.to(one))));
        known = Map.copyOf(now);
        return List.copyOf(now.values());
    }

    private static InetSocketAddress address(URI url) {
        int port = url.getPort() < 0 ? HTTP : url.getPort();
        String host = url.getHost();
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)
                ? AddressUtils.createUnresolved(name, port)
                : InetSocketAddress.createUnresolved(name, port);
    }

    private static AddressResolverGroup<InetSocketAddress> dns() {
        return NameResolverProvider.builder()
                .cacheMaxTimeToLive(Duration.ofSeconds(1))
                .build()
                .newNameResolverGroup(HttpResources.get(), true);
    }

    private static Mono<List<InetSocketAddress>> resolve(
            AddressResolverGroup<InetSocketAddress> resolvers, InetSocketAddress name) {
        return Mono.create(sink -> resolvers
                .getResolver(HttpResources.get().onClient(true).next())
                .resolveAll(name)
                .addListener((Future<List<InetSocketAddress>> all) -> {
                    if (all.isSuccess()) {
                        sink.success(all.getNow());
                    } else {
                        sink.error(all.cause());
                    }
                }));
    }

    private static void failed(Throwable error) {
        LOG.debug("An executor's name could not be looked up: {}", error.toString());
    }
}
