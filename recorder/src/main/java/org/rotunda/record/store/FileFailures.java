package org.rotunda.record.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;

/** Tells what an error of the file system means for the store. */
final class FileFailures {
    // The JDK has no class for these; it passes on the texts of the C library in the "C" and English locales.
    private static final String NO_SPACE = "No space left on device";
    private static final String NO_QUOTA = "Disk quota exceeded";

    private FileFailures() {}

    static StoreException of(String what, IOException cause) {
        return new StoreException(classOf(cause), what, cause);
    }

    private static StoreFailure classOf(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains(NO_SPACE) || message.contains(NO_QUOTA)) {
            return StoreFailure.FULL;
        }
        if (cause instanceof NoSuchFileException) {
            return StoreFailure.MISSING;
        }
        boolean isRefused =
                cause instanceof AccessDeniedException || cause.getCause() instanceof ReadOnlyFileSystemException;
        return isRefused || cause instanceof LinkException ? StoreFailure.REFUSED : StoreFailure.AWAY;
    }

    /** The failure of a path that leads over a symbolic link, or over something else that the store has not made. */
    static final class LinkException extends IOException {
        private static final long serialVersionUID = 1L;

        LinkException(String message) {
            super(message);
        }
    }
}
