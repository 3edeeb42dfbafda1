package dev.sluice.executor.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import org.junit.jupiter.api.Test;

final class WaitingBytesTest {

    private final OrganizationId mine = new OrganizationId(Ids.next());
    private final OrganizationId yours = new OrganizationId(Ids.next());
    private final OrganizationId theirs = new OrganizationId(Ids.next());

    @Test
    void areBoundedTogetherAndByHalfForOne() {
        WaitingBytes bytes = new WaitingBytes(10);
        assertThat(bytes.take(mine, 6)).isFalse();
        assertThat(bytes.take(mine, 5)).isTrue();
        assertThat(bytes.take(mine, 1)).isFalse();
        assertThat(bytes.take(yours, 4)).isTrue();
        assertThat(bytes.take(theirs, 2)).isFalse();
        bytes.release(mine, 5);
        assertThat(bytes.take(theirs, 2)).isTrue();
        assertThat(bytes.take(mine, 4)).isTrue();
    }
}
