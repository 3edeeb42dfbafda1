package dev.sluice.gateway.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.gateway.mail.MailSettings.Tls;
import dev.sluice.gateway.mail.ScriptedSmtp.Fate;
import dev.sluice.gateway.person.Email;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What becomes of messages when the server does not simply take them. */
final class MailerTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Mail MAIL = new Mail(new Email("a@example.com"), "Subject", "Text");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void triesAgainWhatTheServerCannotTakeRightNow() throws IOException {
        try (ScriptedSmtp server = new ScriptedSmtp(Fate.BUSY, Fate.HANGS_UP, Fate.RECIPIENT_BUSY)) {
            Mailer mailer = mailer(server, Duration.ofSeconds(5));
            assertThat(mailer.offer(Mono.just(MAIL))).isTrue();
            await("sluice.mail.sent", 1);
            assertThat(server.messages).hasValue(4);
            assertThat(count("sluice.mail.failed")).isZero();
            mailer.dispose();
        }
    }

    @Test
    void givesUpAtOnceWhatTheServerWillNeverTake() throws IOException {
        try (ScriptedSmtp server = new ScriptedSmtp(Fate.REFUSED)) {
            Mailer mailer = mailer(server, Duration.ofSeconds(5));
            assertThat(mailer.offer(Mono.just(MAIL))).isTrue();
            await("sluice.mail.failed", 1);
            assertThat(server.messages).hasValue(1);
            mailer.dispose();
        }
    }

    @Test
    void givesUpAfterAFewRepetitionsAndGoesOnWithTheNext() throws IOException {
        try (ScriptedSmtp server = new ScriptedSmtp(Fate.BUSY, Fate.BUSY, Fate.BUSY, Fate.BUSY, Fate.BUSY)) {
            Mailer mailer = mailer(server, Duration.ofSeconds(5));
            assertThat(mailer.offer(Mono.just(MAIL))).isTrue();
            await("sluice.mail.failed", 1);
            assertThat(server.messages).hasValue(5);
            assertThat(mailer.offer(Mono.error(new IllegalStateException("cannot be made"))))
                    .isTrue();
            await("sluice.mail.failed", 2);
            assertThat(mailer.offer(Mono.just(MAIL))).isTrue();
            await("sluice.mail.sent", 1);
            mailer.dispose();
        }
    }

    @Test
    void leavesAServerThatSaysNothingOrNeverEndsAndIsNotHeldByIt() throws Exception {
        for (Fate fate : new Fate[] {Fate.SILENT, Fate.TRICKLES}) {
            try (ScriptedSmtp server = new ScriptedSmtp(fate, fate, fate)) {
                Mailer mailer = mailer(server, Duration.ofMillis(300));
                double before = count("sluice.mail.sent");
                assertThat(mailer.offer(Mono.just(MAIL))).isTrue();
                assertThat(mailer.offer(Mono.just(MAIL))).isTrue();
                // Both threads were held, and both messages get through in the end.
                await("sluice.mail.sent", before + 2);
                assertThat(server.left.await(10, TimeUnit.SECONDS))
                        .as("%s", fate)
                        .isTrue();
                mailer.dispose();
            }
        }
    }

    @Test
    void refusesWhatDoesNotFitAndMakesRoomAgain() throws IOException {
        try (ScriptedSmtp server = new ScriptedSmtp()) {
            Mailer mailer = mailer(server, Duration.ofSeconds(5));
            Sinks.Empty<Mail> held = Sinks.empty();
            AtomicInteger taken = new AtomicInteger();
            while (mailer.offer(held.asMono())) {
                taken.incrementAndGet();
            }
            assertThat(taken).hasValue(500);
            assertThat(count("sluice.mail.refused")).isEqualTo(1);
            assertThat(held.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
            assertThat(mailer.offer(Mono.just(MAIL))).isTrue();
            await("sluice.mail.sent", 1);
            mailer.dispose();
        }
    }

    @Test
    void sendsNothingInClearWhereTlsIsDemanded() throws IOException {
        try (ScriptedSmtp server = new ScriptedSmtp()) {
            for (Tls tls : new Tls[] {Tls.STARTTLS, Tls.IMPLICIT}) {
                double before = count("sluice.mail.failed");
                Mailer mailer = new Mailer(
                        new MailSettings("127.0.0.1", server.port(), tls, "", "", "sluice@example.com"),
                        meters,
                        CLOCK,
                        Duration.ofMillis(500),
                        Duration.ofMillis(10));
                assertThat(mailer.offer(Mono.just(MAIL))).isTrue();
                await("sluice.mail.failed", before + 1);
                mailer.dispose();
            }
            assertThat(server.messages).hasValue(0);
        }
    }

    @Test
    void takesNoSettingsThatCannotWorkOrGiveAPasswordAway() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MailSettings("h", 25, Tls.NONE, "", "", ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MailSettings("h", 25, Tls.NONE, "u", "p", "a@example.com"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MailSettings("h", 25, Tls.STARTTLS, "u", "", "a@example.com"));
        assertThat(new MailSettings("h", 25, Tls.STARTTLS, "u", "hidden", "a@example.com").toString())
                .doesNotContain("hidden");
        assertThat(new Mail(new Email("a@example.com"), "s", "hidden").toString())
                .doesNotContain("hidden");
    }

    private Mailer mailer(ScriptedSmtp server, Duration limit) {
        return new Mailer(
                new MailSettings("127.0.0.1", server.port(), Tls.NONE, "", "", "sluice@example.com"),
                meters,
                CLOCK,
                limit,
                Duration.ofMillis(10));
    }

    private double count(String meter) {
        return meters.counter(meter).count();
    }

    private void await(String meter, double value) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (count(meter) < value) {
            assertThat(System.nanoTime()).as("%s: %s", meter, count(meter)).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
