package dev.sluice.shared.outbound;

import dev.sluice.shared.outbound.OutboundException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Clients whose connections show a certificate: a set of pools for each, since pools tell connections apart by a hash, and one that
 * shows one client's certificate must never be given to another. They are closed when nobody has used them for a while; before that, those
 * that were used least lately, for others'. After some minutes new ones take their place, so that no connection outlives its
 * certificate by much. Thread-safe.
 */
final class CertifiedClients implements AutoCloseable {

    private final int most;
    private final Duration idle;
    private final Duration life;
    private final Function<ClientCertificate, HttpClients> make;

    /** Those that new users get, by use, the latest last; guarded by this, like all that follows. */
    private final Map<ClientCertificate, Entry> current = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<String, Integer> owned = new HashMap<>();
    private int open;
    private boolean closed;

    /**
     * None yet.
     *
     * @param most certificates with connections at once, 2 or more; half of them for one owner
     * @param idle how long clients are kept that nobody uses
     * @param life how long clients are given to new users
     * @param make gives new ones; may block
     */
    CertifiedClients(int most, Duration idle, Duration life, Function<ClientCertificate, HttpClients> make) {
        this.most = most;
        this.idle = idle;
        this.life = life;
        this.make = make;
    }

    /**
     * What is done with clients that show a certificate, which are not closed meanwhile. Fails with {@link Kind#CAPACITY} when as many
     * certificates as may be are in use, of all owners or of this one.
     */
    <T> Flux<T> using(ClientCertificate certificate, Function<HttpClients, ? extends Publisher<T>> exchange) {
        return Flux.using(
                () -> enter(certificate), entry -> entry.clients.flatMapMany(exchange), entry -> leave(entry));
    }

    /** Certificates with connections now. */
    synchronized int open() {
        return open;
    }

    /** Closes all connections; exchanges under way fail, and so do later ones. Does not wait. */
    @Override
    public void close() {
        List<Entry> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(current.values());
            current.clear();
        }
        all.forEach(Entry::close);
    }

    private synchronized Entry enter(ClientCertificate certificate) {
        if (closed) {
            throw new OutboundException(Kind.CONNECT, false, "This node is going down.", null);
        }
        Entry entry = current.get(certificate);
        if (entry != null && entry.isOld()) {
            retire(entry);
            entry = null;
        }
        if (entry == null) {
            admit(certificate.owner());
            entry = new Entry(certificate);
            current.put(certificate, entry);
        }
        entry.users++;
        entry.closing.dispose();
        return entry;
    }

    private synchronized void leave(Entry entry) {
        entry.users--;
        if (entry.users > 0) {
            return;
        }
        if (entry.retired) {
            drop(entry);
        } else {
            entry.closing = Mono.delay(idle).subscribe(tick -> closeUnused(entry));
        }
    }

    private synchronized void closeUnused(Entry entry) {
        if (entry.users == 0 && !entry.retired) {
            retire(entry);
        }
    }

    private void admit(String owner) {
        boolean fits = owned.getOrDefault(owner, 0) < most / 2
                || closeOne(entry -> entry.owner().equals(owner));
        if (!fits || (open >= most && !closeOne(entry -> true))) {
            throw new OutboundException(Kind.CAPACITY, false, "Too many client certificates are in use at once.", null);
        }
        open++;
        owned.merge(owner, 1, Integer::sum);
    }

    private boolean closeOne(Predicate<Entry> which) {
        Iterator<Entry> eldest = current.values().iterator();
        while (eldest.hasNext()) {
            Entry entry = eldest.next();
            if (entry.users == 0 && which.test(entry)) {
                eldest.remove();
                entry.retired = true;
                drop(entry);
                return true;
            }
        }
        return false;
    }

    /** Those who use it still do; nobody else gets it. */
    private synchronized void retire(Entry entry) {
        if (!entry.retired) {
            entry.retired = true;
            current.remove(entry.certificate, entry);
            if (entry.users == 0) {
                drop(entry);
            }
        }
    }

    private void drop(Entry entry) {
        open--;
        owned.computeIfPresent(entry.owner(), (owner, count) -> count == 1 ? null : count - 1);
        entry.close();
    }

    private final class Entry {

        private final ClientCertificate certificate;
        private final long since = Schedulers.parallel().now(TimeUnit.MILLISECONDS);
        private final Mono<HttpClients> clients;
        private Disposable closing = Disposables.disposed();
        private int users;
        private boolean retired;

        /** Clients that are made for whoever comes first, and for all; nobody gets those that could not be made. */
        Entry(ClientCertificate certificate) {
            this.certificate = certificate;
            this.clients = Mono.fromCallable(() -> make.apply(certificate))
                    .subscribeOn(Schedulers.boundedElastic())
                    .doOnError(error -> retire(this))
                    .cache();
        }

        String owner() {
            return certificate.owner();
        }

        boolean isOld() {
            return Schedulers.parallel().now(TimeUnit.MILLISECONDS) - since > life.toMillis();
        }

        /** Closes the clients, or has them closed as soon as they are made; also those that were asked for by nobody but this. */
        void close() {
            closing.dispose();
            var _ = clients.subscribe(HttpClients::close, error -> {});
        }
    }
}
