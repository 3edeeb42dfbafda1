package dev.sluice.gateway.person;

import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.lookup.SecretTokens;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bouncycastle.util.encoders.Base32;

/** Codes of 80 random bits for whoever has lost the second factor, written as {@code abcd-efgh-ijkl-mnop}. Thread-safe. */
public final class RecoveryCodes {

    private static final int COUNT = 10;
    private static final int BYTES = 10;
    private static final int GROUP = 4;

    private final SecretTokens tokens;

    /** With random bits from there. */
    public RecoveryCodes(SecretTokens tokens) {
        this.tokens = tokens;
    }

    /** A new set, to be shown once. */
    public List<String> next() {
        return IntStream.range(0, COUNT).mapToObj(i -> code()).toList();
    }

    /** By which a code is stored and found, however it was typed. */
    public static SecretHash hash(String code) {
        return SecretHash.of(code.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT));
    }

    private String code() {
        String text = Base32.toBase32String(tokens.bytes(BYTES)).toLowerCase(Locale.ROOT);
        return String.join("-", text.split("(?<=\\G.{" + GROUP + "})"));
    }
}
