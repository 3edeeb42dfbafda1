package dev.sluice.gateway;

import dev.sluice.gateway.account.AccountService;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.identity.IdentitySettings;
import dev.sluice.gateway.identity.OrganizationService;
import dev.sluice.gateway.lookup.LastUse;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.gateway.member.InvitationService;
import dev.sluice.gateway.member.MemberService;
import dev.sluice.gateway.member.ResetService;
import dev.sluice.gateway.member.RoleService;
import dev.sluice.gateway.person.Passwords;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.gateway.person.Proofs;
import dev.sluice.gateway.person.RecoveryCodes;
import dev.sluice.gateway.person.SecondFactor;
import dev.sluice.gateway.person.Totp;
import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.gateway.session.SessionService;
import dev.sluice.gateway.session.Sessions;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.TenantTransactions;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
                clock);
    }
}
