package io.registry.junit;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A registry for the tests of a class, as a field
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RegistryExtension registry = RegistryExtension.create();
 * }</pre>
 *
 * <p>or as a parameter of type {@link Registry} of whatever JUnit calls
 *
 * <pre>{@code
 * @ExtendWith(RegistryExtension.class)
 * class OrdersTest {
 *     @Test
 *     void ordersAreFoundAgain(Registry registry) { ... }
 * }
 * }</pre>
 *
 * <p>It starts before the first test of the class, nested classes included, and is gone after the last. In a field that
 * is not static there is one for each test. A class with several names the fields: JUnit could not tell which one a
 * parameter means.
 *
 * <p>A test that leaves the registry stopped or cut leaves it so to the next one of the class.
 *
 * <p>Threading: as {@link Registry}. Classes and tests that run in parallel may share an extension.
 */
public final class RegistryExtension extends Registry
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private final ReentrantLock usersLock = new ReentrantLock();

    /** Classes and tests under way: the first starts the registry, the last ends it. */
    private int users;

    /** For {@code @ExtendWith}; a field is given {@link #create}. */
    public RegistryExtension() {
        this(List.of());
    }

    private RegistryExtension(List<String> settings) {
        super(settings);
    }

    /**
     * Returns an extension whose registry has settings of its own.
     *
     * @param settings settings of the server as it takes them on its command line, such as {@code
     *     --registry.push.gather=100ms}; ports, address and data directory are not among them
     * @throws IllegalArgumentException where an argument is not like that
     */
    public static RegistryExtension create(String... settings) {
        return new RegistryExtension(List.of(settings));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        enter();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        enter();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        leave();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        leave();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Registry.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return this;
    }

    private void enter() {
        usersLock.lock();
        try {
            if (users == 0) {
                start();
            }
            users++;
        } finally {
            usersLock.unlock();
        }
    }

    private void leave() {
        usersLock.lock();
        try {
            // Where the start has failed, JUnit says after all the same.
            if (users > 0 && --users == 0) {
                close();
            }
        } finally {
            usersLock.unlock();
        }
    }
}
