package io.registry.server.testkit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one server process with default settings, the same for all of them, since a start is dear. Tests keep
 * apart by their service names ({@link Unique}).
 */
public final class SharedRegistry implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RegistryProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedRegistry.class))
                .computeIfAbsent(RegistryProcess.class, key -> RegistryProcess.start(), RegistryProcess.class);
    }
}
