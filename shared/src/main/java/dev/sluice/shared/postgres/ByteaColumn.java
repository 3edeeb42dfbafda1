package dev.sluice.shared.postgres;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of bytes in one statement, in base64. The driver goes through the text of an array character by character,
 * several times, so the largest value stands apart once it has more than {@value #APART} bytes, and an empty element takes
 * its place: {@code decode(case t.payload when '' then $12 else t.payload end, 'base64')}. Values are never empty.
 *
 * @param elements one for each row; null stays null
 * @param apart    the value that stands apart, empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // bound to one statement, and never compared
public record ByteaColumn(@Nullable String[] elements, String apart) {

    private static final int APART = 1 << 20;

    /** The column of some values, in their order. */
    public static ByteaColumn of(List<byte @Nullable []> values) {
        int largest = largest(values);
        @Nullable String[] elements = new String[values.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = i == largest ? "" : Bytea.element(values.get(i));
        }
        String apart = largest < 0 ? null : Bytea.element(values.get(largest));
        return new ByteaColumn(elements, apart == null ? "" : apart);
    }

    private static int largest(List<byte @Nullable []> values) {
        int largest = -1;
        int length = APART;
        for (int i = 0; i < values.size(); i++) {
            byte[] value = values.get(i);
            if (value != null && value.length > length) {
                largest = i;
                length = value.length;
            }
        }
        return largest;
    }
}
