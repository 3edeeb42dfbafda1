package dev.sluice.executor.javascript;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Modules as QuickJS compiles them. It gives all of them one name, by which none could import another one; here they get names of
 * their own. (The format is that of {@code JS_WriteObject}: a version, four bytes of checksum that may be all ones for none, and the
 * texts that the module uses, each preceded by twice its length, of which the module's name is the first.)
 */
final class Bytecode {

    /** The name that each module has at first. */
    static final String MODULE = "function.mjs";

    private static final int CHECKSUM = 1;
    private static final int TEXTS = 5;

    private Bytecode() {}

    /** The same module under another name, of up to 63 characters of ASCII. */
    static byte[] named(String name, byte[] module) {
        byte[] former = text(MODULE);
        int at = find(former, module);
        ByteArrayOutputStream renamed = new ByteArrayOutputStream(module.length);
        renamed.write(module, 0, at);
        renamed.writeBytes(text(name));
        renamed.write(module, at + former.length, module.length - at - former.length);
        byte[] bytes = renamed.toByteArray();
        Arrays.fill(bytes, CHECKSUM, TEXTS, (byte) 0xff);
        return bytes;
    }

    private static byte[] text(String text) {
        return ((char) (2 * text.length()) + text).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int find(byte[] text, byte[] module) {
        for (int at = TEXTS; at <= module.length - text.length; at++) {
            if (Arrays.equals(module, at, at + text.length, text, 0, text.length)) {
                return at;
            }
        }
        throw new IllegalStateException("The module has another name than " + MODULE);
    }
}
