package org.rotunda.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.rotunda.node.metrics.BuildInfo;
import picocli.CommandLine.IVersionProvider;

/** The version of the program, and the commit from which it was built. The build writes both into a resource. */
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

    /** Returns the version and commit of the build. They are unknown if the classes were compiled without Maven. */
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
