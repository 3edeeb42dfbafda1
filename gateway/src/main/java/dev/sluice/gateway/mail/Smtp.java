package dev.sluice.gateway.mail;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Hands messages to a server (RFC 5321) on threads of its own, since the library blocks: {@value #AT_ONCE} at once, each on a
 * connection of its own. Thread-safe, does not block its callers; cancelling closes the connection.
 */
final class Smtp implements Disposable {

    static final int AT_ONCE = 2;
    private static final int WAITING = 32;
    private static final String STEP_MILLIS = "10000";
    private static final int TRANSIENT = 400;
    private static final int PERMANENT = 500;

    private final @Nullable SSLSocketFactory tls;
    private final MailSettings settings;
    private final Duration limit;
    private final Clock clock;
    private final Scheduler threads = Schedulers.newBoundedElastic(AT_ONCE, WAITING, "mail");

    /**
     * To the server of the settings.
     *
     * @param limit for a message, from the connection to the server's word that it has it
     */
    Smtp(MailSettings settings, Duration limit, Clock clock) {
        this(settings, limit, clock, null);
    }

    /**
     * The same.
     *
     * @param tls makes its connections safe; absent for the platform's, which trusts whom the platform trusts
     */
    Smtp(MailSettings settings, Duration limit, Clock clock, @Nullable SSLSocketFactory tls) {
        this.tls = tls;
        this.settings = settings;
        this.limit = limit;
        this.clock = clock;
    }

    /** Completes when the server has taken it; see {@link #isTransient} for errors. */
    Mono<Void> send(Mail mail) {
        return Mono.using(OpenSocket::new, socket -> send(mail, socket));
    }

    private Mono<Void> send(Mail mail, OpenSocket socket) {
        return Mono.<Void>fromCallable(() -> {
                    deliver(mail, socket);
                    return null;
                })
                .subscribeOn(threads)
                .timeout(limit);
    }

    private void deliver(Mail mail, OpenSocket socket) throws MessagingException {
        Session session = Session.getInstance(properties(socket));
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(settings.from(), true));
        message.setRecipient(
                Message.RecipientType.TO, new InternetAddress(mail.to().value(), true));
        message.setSubject(mail.subject(), "UTF-8");
        message.setText(mail.text(), "UTF-8");
        message.setSentDate(Date.from(clock.instant()));
        // Nobody's out-of-office answers it (RFC 3834).
        message.setHeader("Auto-Submitted", "auto-generated");
        message.saveChanges();
        try (Transport transport = session.getTransport("smtp")) {
            hand(message, (SMTPTransport) transport);
        }
    }

    private void hand(MimeMessage message, SMTPTransport transport) throws MessagingException {
        try {
            transport.connect(
                    settings.host(), settings.port(), nullIfEmpty(settings.user()), nullIfEmpty(settings.password()));
            transport.sendMessage(message, message.getAllRecipients());
        } catch (MessagingException e) {
            throw new FailedException(code(e).orElse(transport.getLastReturnCode()), e);
        }
    }

    /** What the server said last, -1 when it went away instead; its words may repeat the message, so they are not in here. */
    private static final class FailedException extends MessagingException {

        private static final long serialVersionUID = 1L;
        private final int code;

        FailedException(int code, MessagingException cause) {
            super("SMTP " + code, cause);
            this.code = code;
        }
    }

    private Properties properties(OpenSocket socket) {
        Properties properties = new Properties();
        properties.put("mail.smtp.socketFactory", socket);
        properties.setProperty("mail.smtp.socketFactory.fallback", "false");
        if (tls != null) {
            properties.put("mail.smtp.ssl.socketFactory", tls);
        }
        properties.setProperty("mail.smtp.connectiontimeout", STEP_MILLIS);
        properties.setProperty("mail.smtp.timeout", STEP_MILLIS);
        properties.setProperty(
                "mail.smtp.auth", Boolean.toString(!settings.user().isEmpty()));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.quitwait", "false");
        boolean starts = settings.tls() == MailSettings.Tls.STARTTLS;
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(starts));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(starts));
        properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(settings.tls() == MailSettings.Tls.IMPLICIT));
        return properties;
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    /** Whether the same message may be taken later: the server said so (4yz), or could not be talked to. */
    static boolean isTransient(Throwable error) {
        return error instanceof FailedException failed
                ? failed.code < 0 || (failed.code >= TRANSIENT && failed.code < PERMANENT) || isBroken(failed)
                : error instanceof TimeoutException;
    }

    private static boolean isBroken(FailedException failed) {
        return failed.code < PERMANENT && chain(failed).anyMatch(IOException.class::isInstance);
    }

    /** What a log may say of it. */
    static String describe(Throwable error) {
        return error instanceof FailedException failed
                ? failed.getMessage() + ", "
                        + chain(failed)
                                .reduce((first, last) -> last)
                                .orElse(failed)
                                .getClass()
                                .getSimpleName()
                : error.getClass().getSimpleName();
    }

    private static OptionalInt code(Throwable error) {
        return chain(error).mapToInt(Smtp::ownCode).filter(code -> code > 0).findFirst();
    }

    private static int ownCode(Throwable error) {
        return switch (error) {
            case SMTPAddressFailedException address -> address.getReturnCode();
            case SMTPSenderFailedException sender -> sender.getReturnCode();
            case SMTPSendFailedException failed -> failed.getReturnCode();
            default -> 0;
        };
    }

    /** The error, and what is behind it; the library has a chain of its own. */
    private static Stream<Throwable> chain(Throwable error) {
        return Stream.iterate(error, each -> each != null, Smtp::behind).limit(8);
    }

    private static @Nullable Throwable behind(Throwable error) {
        return error instanceof MessagingException messaging && messaging.getNextException() != null
                ? messaging.getNextException()
                : error.getCause();
    }

    @Override
    public void dispose() {
        threads.dispose();
    }
}
