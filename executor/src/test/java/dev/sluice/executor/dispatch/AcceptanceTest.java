package dev.sluice.executor.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.gathering.Offer;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.run.NewRun;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AcceptanceTest {

    private final List<ArrivedEvent> events = new ArrayList<>();
    private final List<NewRun> runs = new ArrayList<>();

    @Test
    void keepsTheRunsOfAnEventTogetherAndEachPartSmall() {
        event(30, 30);
        event(30);
        event();
        event(500, 500);
        event(10);

        List<Acceptance> parts = Acceptance.split(events, runs, List.of(), 100);

        assertThat(parts).extracting(part -> part.events().size()).containsExactly(3, 1, 1);
        assertThat(parts).extracting(part -> part.runs().size()).containsExactly(3, 2, 1);
        assertThat(parts)
                .allSatisfy(part -> assertThat(part.runs())
                        .allSatisfy(run -> assertThat(part.events())
                                .extracting(event -> event.id())
                                .contains(run.eventId())));
    }

    @Test
    void isOnePartWhereNothingIsStarted() {
        event();
        event();

        assertThat(Acceptance.split(events, runs, List.of(), 100))
                .containsExactly(new Acceptance(events, List.of(), List.of()));
    }

    /** Others wait while they are evaluated. */
    @Test
    void hasSoManyConditionsInOnePart() {
        Workflow workflow = WorkflowDocuments.read("""
                document: { dsl: '1.0.3', namespace: n, name: n, version: '1.0.0' }
                schedule: { on: { any: [], until: length > 3 } }
                do: []
                """.getBytes(StandardCharsets.UTF_8), WorkflowDocuments.Format.YAML);
        for (int i = 0; i <= Acceptance.MOST_CONDITIONS; i++) {
            event();
        }
        List<Offer> offers = events.stream()
                .flatMap(event -> Offer.of(event, new UUID(3, 3), workflow).stream())
                .toList();

        List<Acceptance> parts = Acceptance.split(events, runs, offers, 1 << 20);

        assertThat(parts).extracting(part -> part.offers().size()).containsExactly(Acceptance.MOST_CONDITIONS, 1);
        assertThat(parts).extracting(part -> part.events().size()).containsExactly(Acceptance.MOST_CONDITIONS, 1);
    }

    /** An event that starts runs whose inputs have so many bytes. */
    private void event(int... inputs) {
        UUID id = UUID.randomUUID();
        OrganizationId organization = new OrganizationId(new UUID(1, 1));
        events.add(new ArrivedEvent(organization, id, "test", "urn:test", 0, Json.object()));
        for (int bytes : inputs) {
            EncodedJson input = EncodedJson.of(Json.string("x".repeat(bytes - 2)));
            runs.add(new NewRun(
                    UUID.randomUUID(),
                    organization,
                    new UUID(2, 2),
                    null,
                    JournalFormat.TASKS,
                    id,
                    input,
                    3,
                    Instant.EPOCH,
                    0));
        }
    }
}
