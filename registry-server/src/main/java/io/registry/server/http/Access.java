package io.registry.server.http;

import io.registry.server.core.access.Rule;
import java.util.function.Predicate;

/**
 * What a mapping asks of its callers.
 *
 * @param rule what it asks
 * @param subject which services a call is about
 * @param exempt which of its calls ask nothing all the same
 */
public record Access(Rule rule, Subject subject, Predicate<HttpCall> exempt) {

    /** Anybody: probes, and the login itself. */
    public static final Access OPEN = of(Rule.OPEN, Subject.ALL);

    /** Any user. */
    public static final Access ANY_USER = of(Rule.ANY_USER, Subject.ALL);

    /** The administrator. */
    public static final Access ADMINISTER = of(Rule.ADMINISTER, Subject.ALL);

    /** Whoever reads figures. */
    public static final Access METRICS = of(Rule.METRICS, Subject.ALL);

    /** Returns the access of a client that says what it is. */
    public static Access register(Subject subject) {
        return of(Rule.REGISTER, subject);
    }

    /** Returns the access of a client that asks for others. */
    public static Access discover(Subject subject) {
        return of(Rule.DISCOVER, subject);
    }

    /** Returns the access of an operator who looks at what clients see, and at what they do not. */
    public static Access inspect(Subject subject) {
        return of(Rule.INSPECT, subject);
    }

    /** Returns the access of an operator who changes what is said of services and instances. */
    public static Access operate(Subject subject) {
        return of(Rule.OPERATE, subject);
    }

    private static Access of(Rule rule, Subject subject) {
        return new Access(rule, subject, call -> false);
    }

    /** Returns this, where some calls ask nothing. */
    public Access openWhere(Predicate<HttpCall> calls) {
        return new Access(rule, subject, calls);
    }

    /** Returns what a call asks. */
    Rule rule(HttpCall call) {
        return exempt.test(call) ? Rule.OPEN : rule;
    }
}
