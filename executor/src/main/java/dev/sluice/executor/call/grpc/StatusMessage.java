package dev.sluice.executor.call.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a server says to people, which is UTF-8 whose odd bytes are in percent (PROTOCOL-HTTP2.md, "Status-Message"). */
final class StatusMessage {

    /** In characters. More is not cut short: half a secret would not be recognized. */
    private static final int LONGEST = 500;

    private static final String LEFT_OUT = "(a message of more than " + LONGEST + " characters, which is left out)";
    private static final int HEX = 16;

    private StatusMessage() {}

    /** What stands in the header, in one line; what is longer than {@value #LONGEST} characters is left out. What is no percent-encoding stays as it is. */
    static String decoded(String header) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(header.length());
        int at = 0;
        while (at < header.length()) {
            int octet = octet(header, at);
            bytes.write(octet < 0 ? header.charAt(at) : octet);
            at += octet < 0 ? 1 : 3;
        }
        String message = bytes.toString(StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ");
        return message.length() > LONGEST ? LEFT_OUT : message;
    }

    private static int octet(String header, int at) {
        if (header.charAt(at) != '%' || at + 2 >= header.length()) {
            return -1;
        }
        int high = Character.digit(header.charAt(at + 1), HEX);
        int low = Character.digit(header.charAt(at + 2), HEX);
        return high < 0 || low < 0 ? -1 : high * HEX + low;
    }
}
