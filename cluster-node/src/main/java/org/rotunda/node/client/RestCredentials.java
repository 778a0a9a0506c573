package org.rotunda.node.client;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The address of a node and the credentials for its REST API. Each of them comes from the options of the command, else
 * from the environment, else from a file of properties: {@code ~/.config/rotunda}, or {@code credentials} in it if it
 * is a directory.
 *
 * @param user the SID of an account or of an API key
 * @param password the auth token of the account or the secret of the key
 */
record RestCredentials(URI url, String user, String password) {
    private static final String URL_DEFAULT = "http://127.0.0.1:8080";
    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    /** The values of the options; null for an option that was not given. */
    record Given(
            @Nullable String url,
            @Nullable String user,
            @Nullable String password) {}

    /**
     * Combines the three sources.
     *
     * @param environment the variables of the process
     * @param home the home directory of the user
     */
    static RestCredentials find(Given given, Map<String, String> environment, Path home) throws RestRefusal {
        Properties file = read(home.resolve(".config").resolve("rotunda"));
        String url = first(given.url(), environment.get("ROTUNDA_URL"), file.getProperty("url"))
                .orElse(URL_DEFAULT);
        String user = first(given.user(), environment.get("ROTUNDA_USER"), file.getProperty("user"))
                .orElseThrow(() -> missing("--user", "ROTUNDA_USER", "user"));
        String password = first(given.password(), environment.get("ROTUNDA_PASSWORD"), file.getProperty("password"))
                .orElseThrow(() -> missing("--password", "ROTUNDA_PASSWORD", "password"));
        return new RestCredentials(uri(url), user, password);
    }

    private static URI uri(String url) throws RestRefusal {
        try {
            URI uri = URI.create(url.replaceFirst("/+$", ""));
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException notAUrl) {
            throw new RestRefusal("not a URL: " + url, RestCommand.EXIT_USAGE);
        }
        throw new RestRefusal("not an http(s) URL: " + url, RestCommand.EXIT_USAGE);
    }

    private static Properties read(Path place) throws RestRefusal {
        Path file = Files.isDirectory(place) ? place.resolve("credentials") : place;
        Properties properties = new Properties();
        if (!Files.exists(file)) {
            return properties;
        }
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
            if (properties.containsKey("password") && isOpenToOthers(file)) {
                throw new RestRefusal(
                        file + " has a password and other users can read it; run: chmod 600 " + file,
                        RestCommand.EXIT_USAGE);
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new RestRefusal("cannot read " + file + ": " + unreadable.getMessage(), RestCommand.EXIT_USAGE);
        }
        return properties;
    }

    private static boolean isOpenToOthers(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains);
    }

    private static Optional<String> first(@Nullable String... values) {
        for (String value : values) {
            if (value != null && !value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private static RestRefusal missing(String option, String variable, String key) {
        return new RestRefusal(
                "no " + key + ": give " + option + ", set " + variable + ", or write \"" + key
                        + " = …\" into ~/.config/rotunda",
                RestCommand.EXIT_USAGE);
    }

    /** Leaves out the password. */
    @Override
    public String toString() {
        return user + " at " + url;
    }
}
