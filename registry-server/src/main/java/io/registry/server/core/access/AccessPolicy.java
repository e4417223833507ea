package io.registry.server.core.access;

import io.registry.api.error.RegistryException;
import io.registry.server.core.account.Accounts;
import io.registry.server.core.persistent.PersistentStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Decides about every call of every protocol: who makes it, and whether they may.
 *
 * <p><b>Threading</b>: from any thread; what {@link Authenticator} says of passwords holds here, too.
 */
public final class AccessPolicy {

    /** What someone is told who is known and may not do what they ask for. */
    public static final String NOT_ALLOWED = "authorization failed!";

    private final PersistentStore store;
    private final Authenticator authenticator;
    private final AccessConfig config;
    private final RefusalReport report;
    private final LongAdder refused = new LongAdder();

    /** The rights that were gathered from the accounts as they are; others replace them as a whole. */
    private volatile Gathered gathered = new Gathered(Accounts.NONE, Map.of());

    private record Gathered(Accounts accounts, Map<String, Rights> byUser) {}

    /**
     * A decision.
     *
     * @param principal who calls
     * @param refusal why they may not, as they are told; null where they may
     */
    public record Decision(Principal principal, @Nullable String refusal) {

        /** Returns whether the call may go on. */
        public boolean allowed() {
            return refusal == null;
        }
    }

    /** Makes the policy. */
    public AccessPolicy(PersistentStore store, Authenticator authenticator, AccessConfig config, RefusalReport report) {
        this.store = store;
        this.authenticator = authenticator;
        this.config = config;
        this.report = report;
    }

    /**
     * Decides about a call.
     *
     * @param resource what it is about; counts only where the rule has a verb
     * @throws RegistryException as {@link Authenticator#identify} does
     */
    public Decision decide(Rule rule, Credentials credentials, Resource resource) {
        Decision decision = judge(rule, credentials, resource);
        if (!decision.allowed()) {
            refused.increment();
        }
        return decision;
    }

    /** Returns how many calls were refused. */
    public long refused() {
        return refused.sum();
    }

    private Decision judge(Rule rule, Credentials credentials, Resource resource) {
        return switch (rule.need()) {
            case NOTHING -> new Decision(Principal.ANONYMOUS, null);
            case CLIENT -> client(rule, credentials, resource);
            case METRICS ->
                config.metricsOpen() ? new Decision(Principal.ANONYMOUS, null) : ask(rule, credentials, resource);
            case OPERATOR, USER, ADMINISTRATOR -> ask(rule, credentials, resource);
        };
    }

    private Decision client(Rule rule, Credentials credentials, Resource resource) {
        return switch (config.clients()) {
            case OPEN -> new Decision(open(credentials), null);
            case REQUIRED -> ask(rule, credentials, resource);
            case REPORT -> {
                Decision decision = askOrSay(rule, credentials, resource);
                if (decision.refusal() != null) {
                    report.add(decision.principal(), credentials.address(), rule, resource, decision.refusal());
                }
                yield new Decision(decision.principal(), null);
            }
        };
    }

    /** Who is let in all the same is so, too, where passwords cannot be compared now. */
    private Decision askOrSay(Rule rule, Credentials credentials, Resource resource) {
        try {
            return ask(rule, credentials, resource);
        } catch (RegistryException e) {
            return new Decision(Principal.ANONYMOUS, String.valueOf(e.getMessage()));
        }
    }

    /** Where nobody has to say who they are, a token tells it all the same; a password would cost too much. */
    private Principal open(Credentials credentials) {
        String token = credentials.token();
        return token == null
                ? Principal.ANONYMOUS
                : authenticator
                        .identify(Credentials.of(token, credentials.address()))
                        .principal();
    }

    private Decision ask(Rule rule, Credentials credentials, Resource resource) {
        Authenticator.Identity identity = authenticator.identify(credentials);
        Principal principal = identity.principal();
        if (identity.problem() != null) {
            return new Decision(principal, identity.problem());
        }
        return new Decision(principal, mayDo(rule, principal, resource) ? null : NOT_ALLOWED);
    }

    private boolean mayDo(Rule rule, Principal principal, Resource resource) {
        Rights rights = rights(principal.name());
        Verb verb = rule.verb();
        if (verb != null) {
            return rights.allow(verb, resource);
        }
        return rule.need() != Rule.Need.ADMINISTRATOR || rights.administrator();
    }

    /** Returns whether a user may do everything. */
    public boolean isAdministrator(Principal principal) {
        return principal.kind() == Principal.Kind.USER
                && rights(principal.name()).administrator();
    }

    /** Returns whether clients have to log in, and to have the right to what they do. */
    public boolean clientsAreAsked() {
        return config.clients() == AccessConfig.Clients.REQUIRED;
    }

    /** Returns the accounts by which is decided now; the same object until something about them changes. */
    public Accounts accounts() {
        return store.state().accounts();
    }

    /** Returns whether a user is there and may do something, for what lasts: nothing is asked, counted or noted. */
    public boolean allows(Principal user, Rule rule, Resource resource) {
        return mayDo(rule, user, resource);
    }

    // The same accounts are the same object until something about them changes; comparing all of them would cost.
    @SuppressWarnings("ReferenceEquality")
    private Rights rights(String user) {
        Accounts accounts = store.state().accounts();
        Gathered now = gathered;
        if (now.accounts() != accounts) {
            now = new Gathered(accounts, new ConcurrentHashMap<>());
            gathered = now;
        }
        // As many as there are users, who are bounded in number.
        return now.byUser().computeIfAbsent(user, name -> Rights.of(accounts, name));
    }
}
