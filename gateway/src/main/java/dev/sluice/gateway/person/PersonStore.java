package dev.sluice.gateway.person;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.person} and {@code identity.recovery_code}, in transactions of the person. Thread-safe. */
public final class PersonStore {

    private static final String ATTEMPT =
            "select id, generation, password, second_factor, sealed_secret, locked from identity.attempt($1, $2)";

    private static final String ATTEMPT_IN_VAIN = "select identity.attempt_in_vain($1)";

    private static final String INSERT = """
            insert into identity.person (id, email, name, password, created_at, password_set) values ($1, $2, $3, $4, $5, $6)
            on conflict (email) do nothing""";

    private static final String FIND =
            "select id, email, name, second_factor, created_at from identity.person where id = $1";

    private static final String LOCK = "select generation from identity.person where id = $1 for update";

    private static final String GIVE_BACK =
            "update identity.person set failures = greatest(0, failures - 1), locked_until = null where id = $1";

    private static final String GIVE_KNOWN_BACK = """
            update identity.person set known_failures = greatest(0, known_failures - 1), known_locked_until = null
            where id = $1""";

    private static final String SUCCEED = """
            update identity.person set failures = 0, locked_until = null, factor_failures = 0, factor_locked_until = null,
                known_failures = 0, known_locked_until = null
            where id = $1""";

    private static final String SET_PASSWORD =
            "update identity.person set password = $2, password_set = true where id = $1";

    /** Not once it is in use: whoever finds a session open must not put their own in its place. */
    private static final String SET_SECRET =
            "update identity.person set sealed_secret = $2, last_step = 0 where id = $1 and not second_factor";

    private static final String USE_STEP = "update identity.person set last_step = $2 where id = $1 and last_step < $2";

    private static final String USE_SECOND_FACTOR = "update identity.person set second_factor = true where id = $1";

    private static final String END_SECOND_FACTOR =
            "update identity.person set second_factor = false, sealed_secret = null where id = $1";

    private static final String ADD_CODES = """
            insert into identity.recovery_code (person_id, hash) select $1::uuid, decode(h, 'hex') from unnest($2::text[]) h""";

    private static final String USE_CODE = "delete from identity.recovery_code where person_id = $1 and hash = $2";

    private static final String DROP_CODES = "delete from identity.recovery_code where person_id = $1";

    private static final String ERASE = "select e as id from identity.erase_person($1) e";
    private static final String KNOWS_PASSWORD = "select password_set from identity.person where id = $1";

    private static final String FIRST_ORGANIZATION = """
            select organization_id from identity.member where person_id = $1 order by created_at limit 1""";

    /**
     * An attempt to come in, with what it has to match.
     *
     * @param generation   of that
     * @param sealedSecret of the second factor, which need not be in use yet
     * @param locked       whether there were too many before it: it fails whatever it says
     */
    record Attempt(
            UUID person,
            int generation,
            String password,
            boolean secondFactor,
            @Nullable ByteBuffer sealedSecret,
            boolean locked) {}

    /**
     * Takes an attempt, which counts as failed until {@link #succeed}; empty when nobody has the address.
     *
     * @param known whether it comes from where its person has been in before
     */
    Mono<Optional<Attempt>> attempt(ConnectionPool api, Email email, boolean known) {
        return Rows.alone(
                api,
                connection -> Rows.first(
                        connection
                                .createStatement(ATTEMPT)
                                .bind(0, email.value())
                                .bind(1, known),
                        PersonStore::attempt));
    }

    /** Takes as long as to write down a failure of somebody. */
    Mono<Void> attemptInVain(ConnectionPool api, Email email) {
        return Rows.alone(
                        api,
                        connection -> Rows.all(
                                        connection
                                                .createStatement(ATTEMPT_IN_VAIN)
                                                .bind(0, email.value()),
                                        row -> true)
                                .then(Mono.just(true)))
                .then();
    }

    /**
     * A new one; the transaction is theirs already. False when somebody has the address.
     *
     * @param chosen whether it is a password that they chose, and know
     */
    public Mono<Boolean> insert(Connection connection, Person person, String passwordHash, boolean chosen) {
        return Rows.written(connection
                        .createStatement(INSERT)
                        .bind(0, person.id())
                        .bind(1, person.email().value())
                        .bind(2, person.name())
                        .bind(3, passwordHash)
                        .bind(4, person.createdAt().atOffset(ZoneOffset.UTC))
                        .bind(5, chosen))
                .map(rows -> rows > 0);
    }

    /** The person themselves, or somebody of the transaction's organization; an error when they are gone meanwhile. */
    public Mono<Person> find(Connection connection, UUID person) {
        return Rows.all(connection.createStatement(FIND).bind(0, person), PersonStore::person)
                .next()
                .switchIfEmpty(Mono.error(
                        () -> new SluiceException(ProblemType.UNAUTHENTICATED, "This person is gone, everywhere.")));
    }

    /** The generation of what proves who a person is; nobody changes that, or what they belong to, until the transaction ends. */
    public Mono<Integer> lock(Connection connection, UUID person) {
        return Rows.all(
                        connection.createStatement(LOCK).bind(0, person),
                        row -> Columns.required(row, "generation", Integer.class))
                .next();
    }

    /** An attempt that was not looked at does not count. */
    Mono<Void> giveBack(Connection connection, UUID person, boolean known) {
        return Rows.written(connection
                        .createStatement(known ? GIVE_KNOWN_BACK : GIVE_BACK)
                        .bind(0, person))
                .then();
    }

    /** The attempts so far are forgotten. */
    public Mono<Void> succeed(Connection connection, UUID person) {
        return Rows.written(connection.createStatement(SUCCEED).bind(0, person)).then();
    }

    /** From now on this one lets them in. */
    public Mono<Void> setPassword(Connection connection, UUID person, String passwordHash) {
        return Rows.written(
                        connection.createStatement(SET_PASSWORD).bind(0, person).bind(1, passwordHash))
                .then();
    }

    /** The secret of a second factor that is not in use yet; false when there is one in use. */
    public Mono<Boolean> setSecret(Connection connection, UUID person, byte[] sealed) {
        return Rows.written(
                        connection.createStatement(SET_SECRET).bind(0, person).bind(1, ByteBuffer.wrap(sealed)))
                .map(rows -> rows > 0);
    }

    /** Uses the code of a step up, and those before it; false when it was. */
    public Mono<Boolean> useStep(Connection connection, UUID person, long step) {
        return Rows.written(connection.createStatement(USE_STEP).bind(0, person).bind(1, step))
                .map(rows -> rows > 0);
    }

    /** From now on it takes the second factor, or one of these. */
    public Mono<Void> useSecondFactor(Connection connection, UUID person, List<SecretHash> recoveryCodes) {
        String[] hashes = recoveryCodes.stream().map(SecretHash::hex).toArray(String[]::new);
        return Rows.written(connection.createStatement(USE_SECOND_FACTOR).bind(0, person))
                .then(Rows.written(connection.createStatement(DROP_CODES).bind(0, person)))
                .then(Rows.written(
                        connection.createStatement(ADD_CODES).bind(0, person).bind(1, hashes)))
                .then();
    }

    /** From now on the password is enough. */
    public Mono<Void> endSecondFactor(Connection connection, UUID person) {
        return Rows.written(connection.createStatement(END_SECOND_FACTOR).bind(0, person))
                .then(Rows.written(connection.createStatement(DROP_CODES).bind(0, person)))
                .then();
    }

    /** False when there is no such code, or it was used. */
    Mono<Boolean> useCode(Connection connection, UUID person, SecretHash code) {
        return Rows.written(connection.createStatement(USE_CODE).bind(0, person).bind(1, code.bytes()))
                .map(rows -> rows > 0);
    }

    /** Ends them, and gives the organizations they belonged to. */
    public Mono<List<OrganizationId>> erase(Connection connection, UUID person) {
        return Rows.all(
                        connection.createStatement(ERASE).bind(0, person),
                        row -> new OrganizationId(Columns.required(row, "id", UUID.class)))
                .collectList();
    }

    /** The one they have belonged to for longest; empty when there is none. */
    public Mono<OrganizationId> firstOrganization(Connection connection, UUID person) {
        return Rows.all(
                        connection.createStatement(FIRST_ORGANIZATION).bind(0, person),
                        row -> new OrganizationId(Columns.required(row, "organization_id", UUID.class)))
                .next();
    }

    /** Whether a person has a password that they know. */
    public Mono<Boolean> knowsPassword(Connection connection, UUID person) {
        return Rows.all(
                        connection.createStatement(KNOWS_PASSWORD).bind(0, person),
                        row -> Columns.required(row, "password_set", Boolean.class))
                .next();
    }

    /** From columns {@code id, email, name, second_factor, created_at}. */
    public static Person person(Row row) {
        return new Person(
                Columns.required(row, "id", UUID.class),
                new Email(Columns.required(row, "email", String.class)),
                Columns.required(row, "name", String.class),
                Columns.required(row, "second_factor", Boolean.class),
                Columns.required(row, "created_at", Instant.class));
    }

    private static Attempt attempt(Row row) {
        return new Attempt(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "generation", Integer.class),
                Columns.required(row, "password", String.class),
                Columns.required(row, "second_factor", Boolean.class),
                row.get("sealed_secret", ByteBuffer.class),
                Columns.required(row, "locked", Boolean.class));
    }
}
