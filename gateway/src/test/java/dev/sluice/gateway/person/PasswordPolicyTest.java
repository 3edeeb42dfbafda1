package dev.sluice.gateway.person;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordPolicyTest {

    private static final Email EMAIL = new Email("grace.hopper@example.com");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abababababab",
                "abcdefghijkl",
                "lkjihgfedcba",
                "789012345678",
                "drowssapdrowssap",
                "Password1234!",
                "qwertyuiop12",
                "I am Grace Hopper",
                "GRACE.HOPPER-1906"
            })
    void objectsToWhatIsEasilyGuessed(String password) {
        assertThat(PasswordPolicy.objection(password, EMAIL, "Grace Hopper")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse battery", "ab12ab12ab12x", "пароль на каждый день"})
    void takesWhatIsNot(String password) {
        assertThat(PasswordPolicy.objection(password, EMAIL, "Grace Hopper")).isEmpty();
    }

    @Test
    void doesNotObjectToPartsThatAreTooShortToTell() {
        assertThat(PasswordPolicy.objection("a boring long text", new Email("bo@example.com"), "Ing"))
                .isEmpty();
    }
}
