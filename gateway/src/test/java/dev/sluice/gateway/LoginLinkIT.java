package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sluice.gateway.RunningGateway.Answer;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Links that are mailed over real SMTP, and what they are good for. */
final class LoginLinkIT {

    private static final Pattern LINK =
            Pattern.compile("http://sluice\\.test/#(login|invitation)=([^&\\s]+)(?:&for=(\\S+))?");

    private static GreenMail server;
    private static RunningGateway gateway;
    private static People people;

    @BeforeAll
    static void start() {
        server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        people = People.start(
                "sluice.mail.host=127.0.0.1",
                "sluice.mail.port=" + server.getSmtp().getPort(),
                "sluice.mail.tls=none",
                "sluice.mail.from=Sluice <sluice@example.com>",
                "sluice.ingress.public-url=http://sluice.test/");
        gateway = people.gateway();
    }

    @AfterAll
    static void stop() {
        people.close();
        server.stop();
    }

    @Test
    void logsInOnceByALink() throws Exception {
        String owner = gateway.newOrganization("links");
        assertThat(people.member(owner, "linked@example.com", "viewer")).isNotEmpty();
        Answer asked = ask("Linked@example.com");
        assertThat(asked.status()).isEqualTo(202);
        assertThat(asked.text()).isEmpty();
        String token = token("linked@example.com", 1);
        List<Integer> statuses = People.atOnce(4, i -> people.logInBy(token).status());
        assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 401);
        assertThat(gateway.getAs(owner, "/v1/audit?action=session.begin")
                        .json()
                        .at("/items/0/detail/by")
                        .stringValue())
                .isEqualTo("link");
        MimeMessage mail = mails("linked@example.com").getFirst();
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getFrom()[0].toString()).isEqualTo("Sluice <sluice@example.com>");
    }

    @Test
    void saysWhomALinkIsForAndHoldsItToThat() throws Exception {
        String owner = gateway.newOrganization("for");
        assertThat(people.member(owner, "for+me@example.com", "viewer")).isNotEmpty();
        assertThat(people.member(owner, "attacker@example.com", "viewer")).isNotEmpty();
        assertThat(ask("for+me@example.com").status()).isEqualTo(202);
        String token = token("for+me@example.com", 1);
        Matcher link =
                LINK.matcher(GreenMailUtil.getBody(mails("for+me@example.com").getFirst()));
        assertThat(link.find()).isTrue();
        assertThat(link.group(3)).isEqualTo("for%2Bme%40example.com");

        assertThat(logInAs("attacker@example.com", token).status()).isEqualTo(401);
        assertThat(gateway.getAs(owner, "/v1/audit?action=person.prove")
                        .json()
                        .at("/items/0/outcome")
                        .stringValue())
                .isEqualTo("denied");
        assertThat(logInAs("nobody", token).status()).isEqualTo(400);
        assertThat(logInAs("For+Me@example.com", token).status()).isEqualTo(201);
    }

    private static Answer logInAs(String email, String token) {
        return gateway.post(
                "/v1/sessions",
                "{\"login\":\"" + token + "\",\"email\":\"" + email + "\"}",
                "Content-Type",
                "application/json");
    }

    @Test
    void answersAlikeWhoeverAsksAndMailsNobodyWhoIsUnknown() {
        Answer unknown = ask("unknown@example.com");
        assertThat(people.member(gateway.newOrganization("alike"), "alike@example.com", "viewer"))
                .isNotEmpty();
        Answer known = ask("alike@example.com");
        assertThat(unknown.status()).isEqualTo(known.status()).isEqualTo(202);
        assertThat(token("alike@example.com", 1)).isNotEmpty();
        assertThat(mails("unknown@example.com")).isEmpty();
        assertThat(ask("nonsense").status()).isEqualTo(400);
    }

    @Test
    void mailsOneAddressAFewAtOnceAndNoMoreFromAllGatewaysTogether() {
        assertThat(people.member(gateway.newOrganization("flood"), "flood@example.com", "viewer"))
                .isNotEmpty();
        for (int i = 0; i < 20; i++) {
            assertThat(ask("flood@example.com").status()).isEqualTo(202);
        }
        // Messages are sent in turn, so this one is after all of those.
        assertThat(people.member(gateway.newOrganization("after"), "after@example.com", "viewer"))
                .isNotEmpty();
        assertThat(ask("after@example.com").status()).isEqualTo(202);
        assertThat(token("after@example.com", 1)).isNotEmpty();
        // Three at once, of which a gateway by itself takes its part.
        assertThat(mails("flood@example.com")).hasSizeBetween(1, 3);
    }

    @Test
    void takesTheSecondFactorToo() {
        String session = people.member(gateway.newOrganization("two"), "two@example.com", "viewer");
        byte[] secret = people.secondFactor(session);
        assertThat(ask("two@example.com").status()).isEqualTo(202);
        String token = token("two@example.com", 1);
        assertThat(people.logInBy(token).json().path("type").stringValue())
                .isEqualTo("urn:sluice:problem:second-factor-required");
        assertThat(people.logInBy(token, "code", "123").status()).isEqualTo(401);
        assertThat(people.logInBy(token, "code", people.code(secret, 1)).status())
                .isEqualTo(201);
        assertThat(people.logInBy(token, "code", people.code(secret, 1)).status())
                .isEqualTo(401);
    }

    @Test
    void endsALinkWithThePasswordOfItsTime() {
        String session = people.member(gateway.newOrganization("ending"), "ending@example.com", "viewer");
        assertThat(ask("ending@example.com").status()).isEqualTo(202);
        String token = token("ending@example.com", 1);
        assertThat(people.put(
                                session,
                                "/v1/account/password",
                                "{\"password\":\"" + People.PASSWORD + "\",\"newPassword\":\"another horse battery\"}")
                        .status())
                .isEqualTo(204);
        assertThat(people.logInBy(token).status()).isEqualTo(401);
    }

    @Test
    void standsForAForgottenPasswordOfTheSamePerson() {
        String owner = gateway.newOrganization("forgotten");
        String session = people.member(owner, "forgot@example.com", "viewer");
        String other = people.member(owner, "other@example.com", "viewer");
        assertThat(ask("forgot@example.com").status()).isEqualTo(202);
        String token = token("forgot@example.com", 1);
        String body = "{\"login\":\"" + token + "\",\"newPassword\":\"another horse battery\"}";
        assertThat(people.put(other, "/v1/account/password", body).status()).isEqualTo(401);
        assertThat(people.put(
                                session,
                                "/v1/account/password",
                                "{\"login\":\"" + token
                                        + "\",\"password\":\"x\",\"newPassword\":\"another horse battery\"}")
                        .status())
                .isEqualTo(400);
        assertThat(people.put(session, "/v1/account/password", body).status()).isEqualTo(204);
        assertThat(people.put(session, "/v1/account/password", body).status()).isEqualTo(401);
        assertThat(people.logIn("forgot@example.com", "another horse battery").status())
                .isEqualTo(201);
    }

    @Test
    void mailsAnInvitationWhenTheInviterWantsIt() {
        String owner = gateway.newOrganization("mailed");
        Answer silent =
                gateway.postAs(owner, "/v1/invitations", "{\"email\":\"silent@example.com\",\"role\":\"viewer\"}");
        assertThat(silent.json().path("mailed").booleanValue()).isFalse();
        Answer invited = gateway.postAs(
                owner, "/v1/invitations", "{\"email\":\"mailed@example.com\",\"role\":\"viewer\",\"mail\":true}");
        assertThat(invited.status()).as(invited.text()).isEqualTo(201);
        assertThat(invited.json().path("mailed").booleanValue()).isTrue();
        String token = token("mailed@example.com", 1);
        assertThat(token).isEqualTo(invited.json().path("token").stringValue());
        assertThat(people.accept(token, "Mailed").status()).isEqualTo(201);
        assertThat(mails("silent@example.com")).isEmpty();
    }

    @Test
    void neverTakesALinkByGet() {
        assertThat(gateway.get("/v1/sessions?login=x").status()).isEqualTo(401);
        assertThat(gateway.get("/v1/login-links").status()).isEqualTo(401);
    }

    private static Answer ask(String email) {
        return gateway.post("/v1/login-links", "{\"email\":\"" + email + "\"}", "Content-Type", "application/json");
    }

    /** Of the newest of so many messages. */
    private static String token(String email, int count) {
        People.await(() -> mails(email).size() >= count);
        Matcher link = LINK.matcher(GreenMailUtil.getBody(mails(email).getLast()));
        assertThat(link.find()).isTrue();
        return link.group(2);
    }

    private static List<MimeMessage> mails(String email) {
        return Arrays.stream(server.getReceivedMessages())
                .filter(mail -> recipient(mail).equals(email))
                .toList();
    }

    private static String recipient(MimeMessage mail) {
        try {
            return mail.getAllRecipients()[0].toString();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
