package io.registry.server.boot;

import io.registry.server.access.BcryptPasswords;
import io.registry.server.access.FirstStart;
import io.registry.server.access.Logins;
import io.registry.server.access.Secrets;
import io.registry.server.access.Tokens;
import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.access.AccountOperator;
import io.registry.server.core.access.Passwords;
import io.registry.server.core.access.RefusalReport;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.http.AccessGuard;
import io.registry.server.http.Admission;
import io.registry.server.http.CallWitness;
import io.registry.server.http.Routes;
import io.registry.server.http.ops.AccessReportRoutes;
import io.registry.server.http.ops.AccountRoutes;
import io.registry.server.http.ops.LoginRoutes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds what knows callers and decides about them. */
@Configuration(proxyBeanMethods = false)
public class AccessWiring {

    @Bean
    Secrets secrets() {
        return new Secrets();
    }

    @Bean
    Passwords passwords() {
        return new BcryptPasswords(Runtime.getRuntime().availableProcessors());
    }

    @Bean
    Tokens tokens(PersistentStore store, RegistryProperties properties, SystemClock clock) {
        return new Tokens(store, properties.access().keys(), properties.access().tokenLife(), clock::wallMillis);
    }

    @Bean
    Logins logins(PersistentStore store, Passwords passwords, Tokens tokens, Secrets secrets, SystemClock clock) {
        return new Logins(store, passwords, tokens, secrets, clock::nanos);
    }

    @Bean
    RefusalReport refusalReport(SystemClock clock) {
        return new RefusalReport(clock::wallMillis);
    }

    @Bean
    AccessPolicy accessPolicy(
            PersistentStore store, Logins logins, RefusalReport report, RegistryProperties properties) {
        return new AccessPolicy(store, logins, properties.access().config(), report);
    }

    @Bean
    Admission admission(AccessPolicy policy, CallWitness witness) {
        return new Admission(new AccessGuard(policy), witness);
    }

    /** The calls by which people log in, and by which the administrator says what they may. */
    record AccessRoutes(LoginRoutes logins, AccountRoutes accounts, AccessReportRoutes report) {

        void addTo(Routes routes) {
            logins.addTo(routes);
            accounts.addTo(routes);
            report.addTo(routes);
        }
    }

    @Bean
    AccessRoutes accessRoutes(
            Logins logins,
            Tokens tokens,
            Readiness readiness,
            PersistentLog log,
            PersistentStore store,
            Passwords passwords,
            AccessPolicy policy,
            Secrets secrets,
            RefusalReport report,
            SystemClock clock) {
        AccountOperator accounts = new AccountOperator(log, store, passwords);
        return new AccessRoutes(
                new LoginRoutes(logins, tokens, readiness),
                new AccountRoutes(accounts, policy, secrets, tokens, clock::wallMillis),
                new AccessReportRoutes(report));
    }

    /** The password goes to the console and to no log, which is kept and collected. */
    @Bean
    FirstStart firstStart(
            PersistentStore store,
            PersistentLog log,
            Passwords passwords,
            Secrets secrets,
            RegistryProperties properties,
            SystemClock clock) {
        return new FirstStart(
                store,
                log,
                passwords,
                secrets,
                properties.access().adminPassword(),
                properties.access().resetAdmin(),
                clock::wallMillis,
                System.out::println);
    }
}
