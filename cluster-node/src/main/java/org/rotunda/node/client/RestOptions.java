package org.rotunda.node.client;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that send requests to a node. */
final class RestOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Address of a gateway; else ROTUNDA_URL, ~/.config/rotunda, http://127.0.0.1:8080.")
    private @Nullable String url;

    @Option(
            names = "--user",
            paramLabel = "SID",
            description = "Account (AC…) or API key (SK…); else ROTUNDA_USER, ~/.config/rotunda.")
    private @Nullable String user;

    @Option(
            names = "--password",
            paramLabel = "SECRET",
            description = "Auth token or key secret; else ROTUNDA_PASSWORD, ~/.config/rotunda. Other users of this"
                    + " machine can see options, so prefer the other two.")
    private @Nullable String password;

    @Option(names = "--json", description = "Prints JSON as the REST API answers it.")
    private boolean json;

    boolean json() {
        return json;
    }

    RestClient client() throws RestRefusal {
        return new RestClient(RestCredentials.find(
                new RestCredentials.Given(url, user, password),
                System.getenv(),
                Path.of(System.getProperty("user.home", "."))));
    }
}
