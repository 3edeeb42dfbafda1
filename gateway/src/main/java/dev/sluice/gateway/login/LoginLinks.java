package dev.sluice.gateway.login;

import dev.sluice.gateway.admission.Admission;
import dev.sluice.gateway.login.LoginStore.Found;
import dev.sluice.gateway.mail.Letters;
import dev.sluice.gateway.mail.Mail;
import dev.sluice.gateway.mail.Mailer;
import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.person.LoginTokens;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import io.r2dbc.pool.ConnectionPool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Mails links that let people in once. Whoever asks for one is answered before anybody looks whether the address is known, so
 * neither the answer nor its time tells. Thread-safe.
 */
public final class LoginLinks {

    private static final Duration VALIDITY = Duration.ofMinutes(15);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String METHOD = "link";

    private final LoginStore store = new LoginStore();
    private final ConnectionPool api;
    private final LoginTokens tokens;
    private final Mailer mailer;
    private final Letters letters;
    private final Admission admission;

    /** On connections of {@code sluice_api}. */
    public LoginLinks(ConnectionPool api, LoginTokens tokens, Mailer mailer, Letters letters, Admission admission) {
        this.api = api;
        this.tokens = tokens;
        this.mailer = mailer;
        this.letters = letters;
        this.admission = admission;
    }

    boolean areMailed() {
        return mailer.isOn();
    }

    /**
     * Mails a link to whoever has the address, unless they were sent several just now: the ones they have are good. An error when
     * no mail is sent here, or too many messages wait.
     */
    void send(Email email) {
        mailer.requireOn();
        if (admission.admitsLink(id(email)) && !mailer.offer(Mono.defer(() -> make(email)))) {
            throw SluiceException.unavailable("Too many messages wait to be sent.", SOON, null);
        }
    }

    private Mono<Mail> make(Email email) {
        return store.find(api, null, null, email)
                .flatMap(found -> found.map(this::make).orElseGet(Mono::empty));
    }

    private Mono<Mail> make(Found person) {
        return tokens.make(person.person(), person.generation(), METHOD, null, VALIDITY)
                .map(token -> letters.loginLink(person.email(), token, VALIDITY.toMinutes()));
    }

    private static UUID id(Email email) {
        ByteBuffer hash = ByteBuffer.wrap(Ids.sha256().digest(email.value().getBytes(StandardCharsets.UTF_8)));
        return new UUID(hash.getLong(), hash.getLong());
    }
}
