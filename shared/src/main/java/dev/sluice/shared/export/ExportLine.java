package dev.sluice.shared.export;

import dev.sluice.shared.json.Json;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.RowMetadata;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row as a line of JSON: {@code {"kind":"…", …}} with a member for each column. Bytes that are JSON go out as that, without a
 * tree being made of them, others in base64 under a name that ends in {@code Base64}.
 */
final class ExportLine {

    static final String CURSOR = "cursor";

    private ExportLine() {}

    static byte[] of(String kind, Row row, RowMetadata metadata) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(ascii("{\"kind\":\"" + kind + "\""));
        List<String> names = metadata.getColumnMetadatas().stream()
                .map(column -> column.getName())
                .toList();
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).equals(CURSOR)) {
                member(line, camelCase(names.get(i)), row.get(i));
            }
        }
        line.writeBytes(ascii("}\n"));
        return line.toByteArray();
    }

    private static void member(ByteArrayOutputStream line, String name, @Nullable Object value) {
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            Optional<byte[]> json = Json.compacted(bytes);
            named(line, json.isPresent() ? name : name + "Base64");
            line.writeBytes(json.orElseGet(() -> ascii('"' + Base64.getEncoder().encodeToString(bytes) + '"')));
        } else {
            named(line, name);
            line.writeBytes(scalar(value));
        }
    }

    private static void named(ByteArrayOutputStream line, String name) {
        line.writeBytes(ascii(",\"" + name + "\":"));
    }

    private static byte[] scalar(@Nullable Object value) {
        return switch (value) {
            case null -> ascii("null");
            case Boolean truth -> ascii(truth.toString());
            case Number number -> ascii(number.toString());
            case OffsetDateTime time -> text(time.toInstant().toString());
            case Object[] array -> array(array);
            default -> text(value.toString());
        };
    }

    private static byte[] array(@Nullable Object[] values) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.write('[');
        Arrays.stream(values).map(ExportLine::scalar).forEach(value -> {
            if (array.size() > 1) {
                array.write(',');
            }
            array.writeBytes(value);
        });
        array.write(']');
        return array.toByteArray();
    }

    private static byte[] text(String value) {
        return Json.bytes(Json.string(value));
    }

    private static byte[] ascii(String value) {
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    private static String camelCase(String column) {
        StringBuilder name = new StringBuilder(column.length());
        for (int i = 0; i < column.length(); i++) {
            boolean begins = i > 0 && column.charAt(i - 1) == '_';
            char letter = column.charAt(i);
            if (letter != '_') {
                name.append(begins ? Character.toUpperCase(letter) : letter);
            }
        }
        return name.toString();
    }
}
