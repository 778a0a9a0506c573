package org.rotunda.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.rotunda.node.metrics.BuildInfo;
import picocli.CommandLine.IVersionProvider;

/** The version and the commit that the program was built from, as the build wrote them into a resource. */
final class Version implements IVersionProvider {
    private static final String RESOURCE = "build.properties";
    private static final String UNKNOWN = "unknown";

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }

    /** Returns the line that {@code --version} prints; {@code bin/rotunda} prints the same without a JVM. */
    static String text() {
        BuildInfo build = build();
        return "rotunda " + build.version() + ", commit " + build.commit();
    }

    /** Returns what is known of the build; classes that were compiled without Maven know nothing. */
    static BuildInfo build() {
        Properties properties = new Properties();
        try (InputStream resource = Version.class.getResourceAsStream(RESOURCE)) {
            if (resource != null) {
                properties.load(resource);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new BuildInfo(
                properties.getProperty("version", UNKNOWN),
                properties.getProperty("commit", UNKNOWN),
                Runtime.version().toString());
    }
}
