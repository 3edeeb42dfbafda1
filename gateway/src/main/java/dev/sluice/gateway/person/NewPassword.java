package dev.sluice.gateway.person;

import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.util.List;

/** A password that somebody wants to have from now on. */
public record NewPassword(String field, String text) {

    /** From a field of a body, where it must be; its length is all that is looked at here. */
    public static NewPassword read(Fields fields, String name) {
        return new NewPassword(name, fields.text(name, PasswordPolicy.MIN, PasswordPolicy.MAX));
    }

    /** {@link ProblemType#INVALID_REQUEST} when it is easily guessed, of this person at least. */
    public void requireGoodFor(Email email, String name) {
        PasswordPolicy.objection(text, email, name).ifPresent(objection -> {
            throw new SluiceException(
                    ProblemType.INVALID_REQUEST,
                    "The password is not good enough.",
                    List.of(Violation.at("/" + field, objection)));
        });
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "NewPassword[" + field + "]";
    }
}
