package dev.sluice.executor.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

class RunHubTest {

    private static final int WATCHERS = 10_000;
    private static final int EVENTS = 50;

    private final UUID run = UUID.randomUUID();
    private final RunHub hub = new RunHub();

    @Test
    void makesAnEventAndItsTextOnceForTenThousandWatchers() {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        Set<byte[]> texts = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Disposable> streams = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            streams.add(EventStream.of(hub.watch(run).events()).subscribe(text -> {
                seen.incrementAndGet();
                texts.add(text);
            }));
        }

        for (int i = 0; i < EVENTS; i++) {
            int seq = i;
            hub.publish(run, () -> {
                made.incrementAndGet();
                return event(seq);
            });
        }

        assertThat(made).hasValue(EVENTS);
        assertThat(seen).hasValue(WATCHERS * EVENTS);
        assertThat(texts).hasSize(EVENTS);
        streams.forEach(Disposable::dispose);
    }

    /** What waits for those who do not read is shared too: ten thousand times a megabyte would not fit. */
    @Test
    void keepsOneCopyOfWhatWaitsForTenThousandWatchersWhoDoNotRead() {
        List<RunHub.Watcher> watchers = new ArrayList<>();
        AtomicInteger ended = new AtomicInteger();
        List<Disposable> streams = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            RunHub.Watcher watcher = hub.watch(run);
            watchers.add(watcher);
            streams.add(EventStream.of(watcher.events())
                    .limitRate(1)
                    .delayUntil(text -> Flux.never())
                    .subscribe(text -> {}, error -> ended.incrementAndGet()));
        }
        String megabyte = "x".repeat(1 << 20);
        for (int i = 0; i < 64; i++) {
            int seq = i;
            hub.publish(run, () -> new RunEvent(seq, "test", Json.string(megabyte), null));
        }

        assertThat(ended).hasValue(0);
        watchers.forEach(RunHub.Watcher::close);
        assertThat(hub.watched()).isEmpty();
        streams.forEach(Disposable::dispose);
    }

    @Test
    void forgetsAtTheEndWhomNobodyReads() {
        RunHub.Watcher unread = hub.watchToTheEnd(run);
        publish(1);
        assertThat(hub.watched()).containsExactly(run);
        RunEnd end = new RunEnd(RunStatus.COMPLETED, Json.object(), null, null, 2, Instant.EPOCH);
        hub.publish(run, () -> new RunEvent(2, "test", Json.object(), end));

        assertThat(hub.watched()).isEmpty();
        List<RunEvent> late = new ArrayList<>();
        Disposable reading = unread.events().subscribe(late::add);
        assertThat(late).hasSize(2);
        reading.dispose();
    }

    @Test
    void endsTheWatcherWhoDoesNotKeepUpAndNoOther() {
        List<RunEvent> quick = new ArrayList<>();
        Disposable reading = hub.watch(run).events().subscribe(quick::add);
        AtomicReference<Throwable> end = new AtomicReference<>();
        List<RunEvent> seen = new ArrayList<>();
        BaseSubscriber<RunEvent> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(RunEvent event) {
                seen.add(event);
            }

            @Override
            protected void hookOnError(Throwable error) {
                end.set(error);
            }
        };
        hub.watch(run).events().subscribe(slow);

        publish(RunHub.QUEUE + 10);
        slow.request(Long.MAX_VALUE);

        assertThat(seen).hasSize(RunHub.QUEUE + 1);
        assertThat(end.get())
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE))
                .hasMessageContaining("last id");
        assertThat(quick).hasSize(RunHub.QUEUE + 10);
        publish(1);
        assertThat(quick).hasSize(RunHub.QUEUE + 11);
        reading.dispose();
    }

    /** Names are ours, and readers by the same rules share what they see. */
    @Test
    void hidesDataAndNoNames() {
        JsonNode envelope = Json.read("{\"data\":{\"name\":\"run\",\"output\":{\"name\":\"Ada\"}}}".getBytes(UTF_8));
        RunEvent event = new RunEvent(1, "test", envelope, null);
        Masking masking = Masking.read(Json.read("{\"fields\":{\"name\":\"hidden\"}}".getBytes(UTF_8)));
        assertThat(new String(event.shown(masking).frame(), UTF_8))
                .contains("{\"name\":\"run\",\"output\":{\"name\":\"***\"}}");
        assertThat(event.shown(masking)).isSameAs(event.shown(masking));
        assertThat(event.shown(Masking.NONE)).isSameAs(event);
        assertThat(new String(event.frame(), UTF_8)).contains("Ada");
    }

    @Test
    void writesAnEventAsItsReadersExpectIt() {
        assertThat(new String(event(7).frame(), UTF_8))
                .isEqualTo("id:7\nevent:test\ndata:{\"text\":\"one\\ntwo\"}\n\n");
        assertThat(new String(new RunEvent(null, "test", Json.object(), null).frame(), UTF_8))
                .isEqualTo("event:test\ndata:{}\n\n");
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            int seq = i;
            hub.publish(run, () -> event(seq));
        }
    }

    private static RunEvent event(int seq) {
        return new RunEvent(seq, "test", Json.object().put("text", "one\ntwo"), null);
    }
}
