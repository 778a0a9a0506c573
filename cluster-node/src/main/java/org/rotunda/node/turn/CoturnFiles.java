package org.rotunda.node.turn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The files of one coturn. Only the user of this process can read them, because the configuration holds the secret. A
 * file that is there from a killed process is replaced.
 *
 * @param directory made if it does not exist
 * @param port the port of the coturn, which is part of the names of the files
 */
record CoturnFiles(Path directory, int port) {
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ALONE_ENTERS = PosixFilePermissions.fromString("rwx------");

    Path configuration() {
        return directory.resolve("turnserver-" + port + ".conf");
    }

    /** Coturn opens a database although nothing is in it. Without a name of ours it would take that of the system. */
    Path database() {
        return directory.resolve("turnserver-" + port + ".db");
    }

    Path processId() {
        return directory.resolve("turnserver-" + port + ".pid");
    }

    /** Writes the configuration. The other files are written by coturn. */
    void write(List<String> lines) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ALONE_ENTERS));
        }
        delete();
        // The file must never have been readable by others, so it is made with its permissions before it has content.
        Files.createFile(configuration(), PosixFilePermissions.asFileAttribute(OWNER_ALONE));
        Files.write(configuration(), lines);
    }

    void delete() throws IOException {
        for (Path file : all()) {
            Files.deleteIfExists(file);
        }
    }

    private List<Path> all() {
        return List.of(configuration(), database(), processId());
    }
}
