package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.DeferredPets.PETS;
import static dev.sluice.executor.engine.DeferredPets.TASK;
import static dev.sluice.executor.engine.DeferredPets.pets;
import static dev.sluice.executor.engine.DeferredPets.rehearsal;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents whose addresses a run computes, and that it cannot have. */
final class DeferralFailuresTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{] | neither JSON nor YAML | 400",
                "{} | cannot be used | 400",
                "{\"openapi\":\"3.0.3\",\"servers\":[{\"url\":\"/v1\"}],\"paths\":{}} | there is no operation 'list' | 400"
            })
    void whatIsWrongWithADocumentIsAConfigurationError(String document, String detail, int status) {
        Rehearsal rehearsal = pets(TASK);
        rehearsal.documents.contents.put(PETS, document);

        DslError error = rehearsal.fails().error();

        assertThat(error.type()).endsWith("/configuration");
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.detail()).contains(detail).startsWith("/do/0/list/with/");
        assertThat(rehearsal.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "{}, /expression",
        "{\"where\":7}, /expression",
        "{\"where\":\"file:///etc/passwd\"}, /configuration",
        "{\"where\":\"nowhere\"}, /configuration",
        "{\"where\":\"https://a b/\"}, /configuration"
    })
    void whatIsNoAddressIsAnError(String input, String type) {
        Rehearsal rehearsal = rehearsal(TASK, input);

        assertThat(rehearsal.fails().error().type()).endsWith(type);
        assertThat(rehearsal.documents.fetched).isEmpty();
        assertThat(rehearsal.heard).containsExactly("started list", "faulted list");
    }

    @Test
    void itsTimeIsTheTasks() {
        Rehearsal rehearsal =
                pets(TASK.replace("call: openapi", "timeout: { after: { seconds: 3 } }\n      call: openapi"));
        rehearsal.documents.after(Duration.ofSeconds(5), rehearsal.time);

        assertThat(rehearsal.fails().error().type()).endsWith("/timeout");
        assertThat(rehearsal.documents.cancelled).hasValue(1);
        assertThat(rehearsal.documents.fetched).isEmpty();
        assertThat(rehearsal.calls).isEmpty();
    }

    @Test
    void hasNoLongerThanACall() {
        Rehearsal rehearsal = pets(TASK);
        rehearsal.documents.after(Duration.ofSeconds(31), rehearsal.time);

        assertThat(rehearsal.fails().error().type()).endsWith("/timeout");
        assertThat(rehearsal.documents.cancelled).hasValue(1);
    }

    @Test
    void cancellingEndsTheFetching() {
        Rehearsal rehearsal = pets(TASK);
        rehearsal.documents.after(Duration.ofSeconds(5), rehearsal.time);
        var subscription = rehearsal.run().subscribe();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(1));
        subscription.dispose();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(rehearsal.documents.cancelled).hasValue(1);
        assertThat(rehearsal.documents.fetched).isEmpty();
        assertThat(rehearsal.left()).containsExactly("/do/0/list");
    }
}
