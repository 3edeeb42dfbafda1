package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RoleTest {

    @Test
    void mayEachDoMoreThanTheNext() {
        List<Role> roles = List.of(Role.values());
        for (int i = 1; i < roles.size(); i++) {
            assertThat(roles.get(i - 1).permissions())
                    .containsAll(roles.get(i).permissions())
                    .hasSizeGreaterThan(roles.get(i).permissions().size());
        }
        assertThat(Role.OWNER.permissions()).containsExactlyInAnyOrder(Permission.values());
    }

    @Test
    void letsViewersOnlyRead() {
        assertThat(Role.VIEWER.permissions())
                .allMatch(permission -> permission.id().endsWith(":read"));
        assertThat(Role.VIEWER.permissions()).doesNotContain(Permission.KEYS_READ, Permission.AUDIT_READ);
    }

    @Test
    void giveNothingUnderANameThatALaterVersionWrote() {
        assertThat(Grant.stored("astronaut", null).permissions()).isEmpty();
        assertThat(Grant.stored(null, List.of("runs:read", "moon:walk")).permissions())
                .containsExactly(Permission.RUNS_READ);
        assertThat(Grant.stored(null, null).permissions()).isEmpty();
        Grant all = Grant.of(Role.OWNER);
        assertThat(all.covers(Grant.stored("astronaut", null))).isFalse();
        assertThat(all.covers(Grant.stored(null, List.of("runs:read", "moon:walk"))))
                .isFalse();
        assertThat(all.covers(Grant.stored(null, List.of("runs:read")))).isTrue();
    }

    @Test
    void coverWhatIsPartOfThem() {
        Grant some = Grant.of(Set.of(Permission.RUNS_READ, Permission.RUNS_START));
        assertThat(Grant.of(Role.MEMBER).covers(some)).isTrue();
        assertThat(some.covers(Grant.of(Role.MEMBER))).isFalse();
        assertThat(some.covers(Grant.of(Set.of()))).isTrue();
    }
}
