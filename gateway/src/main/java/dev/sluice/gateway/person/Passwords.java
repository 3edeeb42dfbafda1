package dev.sluice.gateway.person;

import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Argon2id (RFC 9106) on threads of its own: {@value #AT_ONCE} at once with {@value #KIBIBYTES} KiB each, about 30 ms each,
 * and {@value #WAITING} that wait for each; one more is refused with UNAVAILABLE. Thread-safe, does not block its callers.
 */
public final class Passwords implements Disposable {

    private static final int AT_ONCE = 2;
    private static final int WAITING = 32;
    private static final Duration SOON = Duration.ofSeconds(2);

    /** The parameters that OWASP's password storage cheat sheet gives first for one lane. */
    private static final int KIBIBYTES = 19 * 1024;

    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT = 16;
    private static final int LENGTH = 32;

    private final Argon2PasswordEncoder argon = new Argon2PasswordEncoder(SALT, LENGTH, LANES, KIBIBYTES, PASSES);
    private final Scheduler threads = Schedulers.newBoundedElastic(AT_ONCE, WAITING, "password");
    private final String nobodys = argon.encode("nobody's");

    /** The hash of a password with a salt of its own, in the PHC string format. */
    public Mono<String> hash(String password) {
        return off(() -> argon.encode(password));
    }

    /** Whether a password is the one of a hash. */
    Mono<Boolean> matches(String password, String hash) {
        return off(() -> argon.matches(password, hash));
    }

    /** Takes as long as to look at somebody's: who is known here is not told by the clock. */
    Mono<Void> matchNobody(String password) {
        return off(() -> argon.matches(password, nobodys)).then();
    }

    @Override
    public void dispose() {
        threads.dispose();
    }

    private <T> Mono<T> off(Callable<T> work) {
        return Mono.fromCallable(work)
                .subscribeOn(threads)
                .onErrorMap(
                        RejectedExecutionException.class,
                        error -> SluiceException.unavailable("Too many are logging in right now.", SOON, error));
    }
}
