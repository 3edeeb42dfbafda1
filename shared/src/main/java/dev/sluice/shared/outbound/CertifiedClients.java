package dev.sluice.shared.outbound;

import dev.sluice.shared.outbound.OutboundException.Kind;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Clients whose connections show a certificate: a set of pools for each, since pools tell connections apart by a hash, and one that
 * shows one client's certificate must never be given to another. Those of the certificate that was used least lately are closed
 * for others' once nobody uses them. Thread-safe.
 */
final class CertifiedClients implements AutoCloseable {

    private final int most;
    private final Function<ClientCertificate, HttpClients> make;

    /** By use, the latest last; guarded by this. */
    private final Map<ClientCertificate, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * None yet.
     *
     * @param most certificates with connections at once, 1 or more
     * @param make gives new ones; may block
     */
    CertifiedClients(int most, Function<ClientCertificate, HttpClients> make) {
        this.most = most;
        this.make = make;
    }

    /**
     * What is done with clients that show a certificate, which are not closed meanwhile. Fails with {@link Kind#CAPACITY} when as many
     * certificates as may be are in use.
     */
    <T> Flux<T> using(ClientCertificate certificate, Function<HttpClients, ? extends Publisher<T>> exchange) {
        return Flux.using(
                () -> enter(certificate), entry -> entry.clients.flatMapMany(exchange), entry -> leave(entry));
    }

    /** Closes all connections; exchanges under way fail. Does not wait. */
    @Override
    public synchronized void close() {
        entries.values().forEach(Entry::close);
        entries.clear();
    }

    private synchronized Entry enter(ClientCertificate certificate) {
        Entry entry = entries.get(certificate);
        if (entry == null) {
            if (entries.size() >= most && !closeOne()) {
                throw new OutboundException(
                        Kind.CAPACITY, false, "Too many client certificates are in use at once.", null);
            }
            entry = new Entry(certificate);
            entries.put(certificate, entry);
        }
        entry.users++;
        return entry;
    }

    private synchronized void leave(Entry entry) {
        entry.users--;
    }

    private synchronized void forget(ClientCertificate certificate, Entry failed) {
        entries.remove(certificate, failed);
    }

    private boolean closeOne() {
        Iterator<Entry> eldest = entries.values().iterator();
        while (eldest.hasNext()) {
            Entry entry = eldest.next();
            if (entry.users == 0) {
                eldest.remove();
                entry.close();
                return true;
            }
        }
        return false;
    }

    private final class Entry {

        private final Mono<HttpClients> clients;
        private int users;

        /** Clients that are made for whoever comes first, and for all; those that could not be made are not kept. */
        Entry(ClientCertificate certificate) {
            this.clients = Mono.fromCallable(() -> make.apply(certificate))
                    .subscribeOn(Schedulers.boundedElastic())
                    .doOnError(error -> forget(certificate, this))
                    .cache();
        }

        /** Once they are made, if somebody who left meanwhile had them made. */
        void close() {
            var _ = clients.subscribe(HttpClients::close, error -> {});
        }
    }
}
