package org.rotunda.load.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.rotunda.room.serialization.NeighbourWire;

/**
 * The classes with which a node writes its messages as a neighbouring version may write them. The product does not
 * contain them, so a process gets them in a directory of its own.
 */
final class NeighbourClasses {
    /** The settings of such a node, as HOCON. */
    static final Map<String, String> SETTINGS =
            Map.of("pekko.actor.serializers.rotunda-wire", '"' + NeighbourWire.class.getName() + '"');

    private NeighbourClasses() {}

    /** Copies the classes, and returns the directory to be added to a class path. */
    static Path copyTo(Path directory) throws IOException {
        Path classes = directory.resolve("neighbour-classes");
        Stream<Class<?>> all =
                Stream.concat(Stream.of(NeighbourWire.class), Stream.of(NeighbourWire.class.getDeclaredClasses()));
        for (Class<?> each : all.toList()) {
            String name = each.getName().replace('.', '/') + ".class";
            Path file = classes.resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            try (InputStream bytes =
                    Objects.requireNonNull(NeighbourWire.class.getClassLoader()).getResourceAsStream(name)) {
                Files.copy(Objects.requireNonNull(bytes, name), file);
            }
        }
        return classes;
    }
}
