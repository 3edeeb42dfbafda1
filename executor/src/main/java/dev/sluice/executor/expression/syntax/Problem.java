package dev.sluice.executor.expression.syntax;

/**
 * What is wrong with a program, and where.
 *
 * @param message for authors
 * @param line    from 1
 * @param column  from 1, in characters
 */
public record Problem(String message, int line, int column) {

    /** A problem at an offset of a program's text. */
    public static Problem at(String source, int offset, String message) {
        int line = 1;
        int start = 0;
        int end = Math.min(offset, source.length());
        for (int i = 0; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new Problem(message, line, end - start + 1);
    }

    @Override
    public String toString() {
        return message + " (line " + line + ", column " + column + ')';
    }
}
