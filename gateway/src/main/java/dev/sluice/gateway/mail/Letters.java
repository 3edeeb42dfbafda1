package dev.sluice.gateway.mail;

import dev.sluice.gateway.person.Email;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is written to people. Tokens are in the fragment of an address, which a browser keeps to itself: they are in no log of a
 * server, and a scanner that opens every link does nothing by it. Immutable.
 */
public final class Letters {

    private final String page;

    /** With links to the page at the public address. */
    public Letters(URI publicUrl) {
        this.page = publicUrl.toString().replaceAll("/+$", "");
    }

    /** A link that logs somebody in, and tells the page whom. */
    public Mail loginLink(Email to, String token, long minutes) {
        return new Mail(to, "Your link to Sluice", """
                Somebody, hopefully you, wants to log in at %s with this address.

                Open this link within %s minutes, and press the button there:

                %s/#login=%s&for=%s

                It works once. If it was not you, do nothing: nobody gets in without it.
                """.formatted(
                        page, minutes, page, token, URLEncoder.encode(to.value(), StandardCharsets.UTF_8)));
    }

    /** A link that accepts an invitation. */
    public Mail invitation(Email to, String token, Instant end) {
        return new Mail(
                to, "You are invited to Sluice", """
                You are invited to an organization at %s.

                Open this link to accept, before %s:

                %s/#invitation=%s

                It works once. If you do not know why you get this, do nothing.
                """.formatted(page, end.truncatedTo(ChronoUnit.SECONDS), page, token));
    }
}
