package dev.sluice.executor.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Takes the items of a stream one by one, each when it is wanted: nothing is asked for before. Items may come on any thread;
 * one is waited for at a time.
 */
final class Pull<T> extends BaseSubscriber<T> {

    @GuardedBy("this")
    private @Nullable MonoSink<Optional<T>> waiting;

    @GuardedBy("this")
    private @Nullable Throwable error;

    @GuardedBy("this")
    private boolean complete;

    private Pull() {}

    /** Begins to read; {@link #dispose} ends it. */
    static <T> Pull<T> of(Flux<T> items) {
        return items.subscribeWith(new Pull<>());
    }

    /** The next item, empty behind the last. Cancelling ends the reading: the item that was asked for would be lost. */
    Mono<Optional<T>> next() {
        return Mono.create(this::take);
    }

    private void take(MonoSink<Optional<T>> sink) {
        Throwable failed;
        boolean over;
        synchronized (this) {
            failed = error;
            over = complete;
            waiting = failed == null && !over ? sink : null;
        }
        if (failed != null) {
            sink.error(failed);
        } else if (over) {
            sink.success(Optional.empty());
        } else {
            var _ = sink.onCancel(this).onRequest(wanted -> request(1));
        }
    }

    private synchronized @Nullable MonoSink<Optional<T>> told() {
        MonoSink<Optional<T>> told = waiting;
        waiting = null;
        return told;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // What is not wanted is not asked for.
    }

    @Override
    protected void hookOnNext(T item) {
        MonoSink<Optional<T>> told = told();
        if (told != null) {
            told.success(Optional.of(item));
        }
    }

    @Override
    protected void hookOnComplete() {
        MonoSink<Optional<T>> told;
        synchronized (this) {
            complete = true;
            told = told();
        }
        if (told != null) {
            told.success(Optional.empty());
        }
    }

    @Override
    protected void hookOnError(Throwable failed) {
        MonoSink<Optional<T>> told;
        synchronized (this) {
            error = failed;
            told = told();
        }
        if (told != null) {
            told.error(failed);
        }
    }
}
