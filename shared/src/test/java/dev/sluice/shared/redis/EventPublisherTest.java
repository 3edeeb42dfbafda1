package dev.sluice.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

final class EventPublisherTest {

    private static final OrganizationId ONE = new OrganizationId(new UUID(0, 1));
    private static final OrganizationId OTHER = new OrganizationId(new UUID(0, 2));

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final Counter unpublished = new SimpleMeterRegistry().counter("unpublished");
    private final List<UUID> published = new ArrayList<>();
    private EventPublisher.Stream stream = this::take;
    private final EventPublisher publisher = new EventPublisher(
            (organization, ids) -> stream.publish(organization, ids), 3, Duration.ofSeconds(2), unpublished, time);

    @AfterEach
    void reset() {
        publisher.close();
        VirtualTimeScheduler.reset();
    }

    @Test
    void goesOnAfterAnErrorOfRedis() {
        stream = (organization, ids) -> Mono.error(new IllegalStateException("away"));
        expectLost(offer(ONE));
        expectPublished(offer(ONE));
    }

    @Test
    void goesOnAfterSomethingThrew() {
        stream = (organization, ids) -> {
            throw new AssertionError("a defect");
        };
        expectLost(offer(ONE));
        expectPublished(offer(ONE));
    }

    @Test
    void goesOnAfterRedisDidNotAnswer() {
        stream = (organization, ids) -> Mono.never();
        UUID lost = offer(ONE);
        time.advanceTimeBy(Duration.ofSeconds(2));
        expectLost(lost);
        expectPublished(offer(ONE));
    }

    @Test
    void losesOnlyTheIdsOfTheOrganizationThatFailed() {
        Sinks.One<Integer> answer = Sinks.one();
        stream = (organization, ids) -> answer.asMono();
        offer(ONE);
        time.advanceTime();
        stream = (organization, ids) ->
                organization.equals(ONE) ? Mono.error(new IllegalStateException("full")) : take(organization, ids);
        offer(ONE);
        UUID other = offer(OTHER);
        answer.tryEmitValue(1).orThrow();
        time.advanceTime();
        assertThat(published).containsExactly(other);
        assertThat(unpublished.count()).isEqualTo(1);
    }

    @Test
    void countsWhatFindsTheQueueFullAndHasRoomAgainAfterwards() {
        Sinks.One<Integer> answer = Sinks.one();
        stream = (organization, ids) -> answer.asMono();
        for (int i = 0; i < 5; i++) {
            offer(ONE);
        }
        assertThat(unpublished.count()).isEqualTo(2);
        stream = this::take;
        answer.tryEmitValue(1).orThrow();
        time.advanceTime();
        assertThat(published).hasSize(2);
        published.clear();
        expectPublished(offer(ONE));
    }

    @CanIgnoreReturnValue
    private UUID offer(OrganizationId organization) {
        UUID id = UUID.randomUUID();
        publisher.offer(organization, id);
        return id;
    }

    private void expectLost(UUID id) {
        time.advanceTime();
        assertThat(published).doesNotContain(id);
        assertThat(unpublished.count()).isEqualTo(1);
        stream = this::take;
    }

    private void expectPublished(UUID id) {
        time.advanceTime();
        assertThat(published).containsExactly(id);
    }

    private Mono<Integer> take(OrganizationId organization, List<UUID> ids) {
        published.addAll(ids);
        return Mono.just(ids.size());
    }
}
