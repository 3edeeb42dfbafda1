package dev.sluice.executor.protobuf;

import com.google.protobuf.FieldMask;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Masks of fields, which are strings in JSON with commas between the paths and names in lowerCamelCase (field_mask.proto). */
final class FieldPaths {

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9.]+");
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");
    private static final Pattern UNDERSCORE = Pattern.compile("_([a-z])");

    private FieldPaths() {}

    static FieldMask mask(String text, Where where) {
        FieldMask.Builder mask = FieldMask.newBuilder();
        for (String path : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            if (!PATH.matcher(path).matches()) {
                throw where.wrong("must be paths of fields with commas between them");
            }
            mask.addPaths(CAPITAL.matcher(path)
                    .replaceAll(capital -> "_" + capital.group().toLowerCase(Locale.ROOT)));
        }
        return mask.build();
    }

    static String text(List<String> paths) {
        return paths.stream()
                .map(path -> UNDERSCORE
                        .matcher(path)
                        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT)))
                .collect(Collectors.joining(","));
    }
}
