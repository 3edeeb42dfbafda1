package dev.sluice.shared.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ByteaColumnTest {

    @Test
    void keepsSmallValuesTogether() {
        ByteaColumn column = ByteaColumn.of(List.of("a".getBytes(UTF_8), new byte[1 << 20]));

        assertThat(column.elements()[0]).isEqualTo("YQ==");
        assertThat(Base64.getDecoder().decode(column.elements()[1])).hasSize(1 << 20);
        assertThat(column.apart()).isEmpty();
    }

    @Test
    void putsTheLargestApart() {
        ByteaColumn column =
                ByteaColumn.of(List.of(new byte[3], new byte[(1 << 20) + 1], new byte[3 << 20], new byte[2 << 20]));

        assertThat(column.elements()[0]).isEqualTo("AAAA");
        assertThat(column.elements()[2]).isEmpty();
        assertThat(column.elements()[1]).isNotEmpty();
        assertThat(column.elements()[3]).isNotEmpty();
        assertThat(Base64.getDecoder().decode(column.apart())).hasSize(3 << 20);
    }
}
