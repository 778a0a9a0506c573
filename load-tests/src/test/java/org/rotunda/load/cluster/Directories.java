package org.rotunda.load.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The working directories of the processes of a test, {@code target/cluster/<name of the test>}. Logs are kept until
 * the next run of the test.
 */
public final class Directories {
    private Directories() {}

    /** Returns the directory of a test after deleting the files of its previous run. */
    public static Path emptied(String test) throws IOException {
        Path directory = Path.of("target", "cluster", test).toAbsolutePath();
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                old.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> {
                    if (!file.delete()) {
                        throw new IllegalStateException(file + " of an earlier run cannot be deleted");
                    }
                });
            }
        }
        return Files.createDirectories(directory);
    }
}
