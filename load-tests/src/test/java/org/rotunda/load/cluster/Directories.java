package org.rotunda.load.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the processes of a test run and leave their logs: {@code target/cluster/<name of the test>}, kept until its next run. */
public final class Directories {
    private Directories() {}

    /** The directory of a test, without what its last run left. */
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
