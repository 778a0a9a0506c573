package org.rotunda.load.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Supplies browser tests with the {@link Rig} that they share, and closes the pages after each test. */
final class RigExtension implements ParameterResolver, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(RigExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Rig.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return rig(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        rig(context).closePages();
    }

    private static Rig rig(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        Rig.class,
                        key -> {
                            try {
                                return new Rig(ChromiumExtension.chromium(context));
                            } catch (IOException failure) {
                                throw new UncheckedIOException(failure);
                            }
                        },
                        Rig.class);
    }
}
