package dev.sluice.gateway;

import dev.sluice.gateway.account.AccountService;
import dev.sluice.gateway.admission.Admission;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.identity.IdentitySettings;
import dev.sluice.gateway.identity.OrganizationService;
import dev.sluice.gateway.ingress.IngressSettings;
import dev.sluice.gateway.login.AccountLogins;
import dev.sluice.gateway.login.LoginLinks;
import dev.sluice.gateway.login.LoginRoutes;
import dev.sluice.gateway.login.ProviderLogins;
import dev.sluice.gateway.login.Providers;
import dev.sluice.gateway.lookup.LastUse;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.gateway.mail.Letters;
import dev.sluice.gateway.mail.MailSettings;
import dev.sluice.gateway.mail.Mailer;
import dev.sluice.gateway.member.InvitationService;
import dev.sluice.gateway.member.MemberService;
import dev.sluice.gateway.member.ResetService;
import dev.sluice.gateway.member.RoleService;
import dev.sluice.gateway.person.LoginTokens;
import dev.sluice.gateway.person.Passwords;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.gateway.person.Proofs;
import dev.sluice.gateway.person.RecoveryCodes;
import dev.sluice.gateway.person.SecondFactor;
import dev.sluice.gateway.person.Totp;
import dev.sluice.gateway.session.DeviceCookie;
import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.gateway.session.SessionService;
import dev.sluice.gateway.session.Sessions;
import dev.sluice.gateway.token.ProviderHttp;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.TenantTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** People: how they prove who they are, where they belong, and how they stay logged in. */
@Configuration(proxyBeanMethods = false)
class PeopleConfiguration {

    @Bean(destroyMethod = "dispose")
    Passwords passwords() {
        return new Passwords();
    }

    @Bean
    PersonTransactions personTransactions(Postgres postgres) {
        return new PersonTransactions(postgres.pool(DatabaseRole.API));
    }

    @Bean
    SecondFactor secondFactor(Vault vault, SecretTokens tokens) {
        return new SecondFactor(vault, OrganizationService.DEFAULT, new Totp(tokens));
    }

    @Bean
    Proofs proofs(
            Postgres postgres,
            PersonTransactions transactions,
            Passwords passwords,
            SecondFactor secondFactor,
            Audit audit,
            Clock clock) {
        return new Proofs(postgres.pool(DatabaseRole.API), transactions, passwords, secondFactor, audit, clock);
    }

    @Bean(destroyMethod = "dispose")
    LastUse sessionUse(Postgres postgres) {
        return Sessions.uses(postgres.pool(DatabaseRole.API));
    }

    @Bean
    Sessions sessions(Postgres postgres, IdentitySettings settings, LastUse sessionUse, Clock clock) {
        return new Sessions(postgres.pool(DatabaseRole.API), settings.sessions(), sessionUse, clock);
    }

    @Bean
    SessionCookie sessionCookie(IdentitySettings settings) {
        return new SessionCookie(settings.sessions());
    }

    @Bean
    DeviceCookie deviceCookie(Vault vault, IdentitySettings settings, Clock clock) {
        return new DeviceCookie(
                vault, OrganizationService.DEFAULT, settings.sessions().secureCookie(), clock);
    }

    @Bean
    SessionService sessionService(
            PersonTransactions transactions,
            Proofs proofs,
            SecretTokens tokens,
            Audit audit,
            IdentitySettings settings,
            Clock clock) {
        return new SessionService(transactions, proofs, tokens, audit, settings.sessions(), clock);
    }

    @Bean
    AccountService accountService(
            PersonTransactions transactions,
            Proofs proofs,
            Passwords passwords,
            SecondFactor secondFactor,
            SecretTokens tokens,
            Audit audit,
            Clock clock) {
        return new AccountService(
                transactions, proofs, passwords, secondFactor, new RecoveryCodes(tokens), audit, clock);
    }

    @Bean
    RoleService roleService(TenantTransactions transactions, Audit audit) {
        return new RoleService(transactions, audit);
    }

    @Bean
    MemberService memberService(TenantTransactions transactions, RoleService roles, Audit audit) {
        return new MemberService(transactions, roles, audit);
    }

    @Bean
    ResetService resetService(
            Postgres postgres,
            PersonTransactions transactions,
            RoleService roles,
            Passwords passwords,
            SecretTokens tokens,
            Audit audit,
            Clock clock) {
        return new ResetService(postgres.pool(DatabaseRole.API), transactions, roles, passwords, tokens, audit, clock);
    }

    @Bean
    InvitationService invitationService(
            Postgres postgres,
            TenantTransactions transactions,
            PersonTransactions personal,
            RoleService roles,
            Passwords passwords,
            Proofs proofs,
            SecretTokens tokens,
            Audit audit,
            Mailer mailer,
            Letters letters,
            Clock clock) {
        return new InvitationService(
                postgres.pool(DatabaseRole.API),
                transactions,
                personal,
                roles,
                passwords,
                proofs,
                tokens,
                audit,
                mailer,
                letters,
                clock);
    }

    @Bean(destroyMethod = "dispose")
    Mailer mailer(MailSettings settings, MeterRegistry meters, Clock clock) {
        return new Mailer(settings, meters, clock);
    }

    @Bean
    Letters letters(IngressSettings ingress) {
        return new Letters(ingress.publicUrl());
    }

    @Bean
    LoginLinks loginLinks(Postgres postgres, LoginTokens tokens, Mailer mailer, Letters letters, Admission admission) {
        return new LoginLinks(postgres.pool(DatabaseRole.API), tokens, mailer, letters, admission);
    }

    @Bean
    LoginTokens loginTokens(PersonTransactions transactions, SecretTokens tokens, Clock clock) {
        return new LoginTokens(transactions, tokens, clock);
    }

    @Bean
    ProviderLogins providerLogins(
            IdentitySettings settings,
            IngressSettings ingress,
            Postgres postgres,
            InvitationService invitations,
            SessionService sessions,
            LoginTokens loginTokens,
            SecretTokens random,
            ProviderHttp providerHttp,
            Audit audit,
            Clock clock) {
        Providers providers = new Providers(settings.loginProviders(), ingress.publicUrl(), providerHttp, clock);
        return new ProviderLogins(
                providers, postgres.pool(DatabaseRole.API), invitations, sessions, loginTokens, random, audit, clock);
    }

    @Bean
    AccountLogins accountLogins(PersonTransactions transactions, Audit audit) {
        return new AccountLogins(transactions, audit);
    }

    @Bean
    RouterFunction<ServerResponse> logins(
            ProviderLogins logins,
            LoginLinks links,
            AccountLogins account,
            SessionCookie cookie,
            Vault vault,
            IdentitySettings settings) {
        return LoginRoutes.of(
                logins,
                links,
                account,
                cookie,
                vault,
                OrganizationService.DEFAULT,
                settings.sessions().secureCookie());
    }
}
