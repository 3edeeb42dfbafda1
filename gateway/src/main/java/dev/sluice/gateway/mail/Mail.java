package dev.sluice.gateway.mail;

import dev.sluice.gateway.person.Email;

/** A message in plain text. It may hold what lets somebody in, so it is never shown. */
public record Mail(Email to, String subject, String text) {

    /** Without what it says. */
    @Override
    public String toString() {
        return "Mail[" + to + "]";
    }
}
