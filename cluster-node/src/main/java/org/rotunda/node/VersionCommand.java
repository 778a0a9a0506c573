package org.rotunda.node;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code rotunda version}: prints the version and the commit of the build. */
@Command(
        name = "version",
        description = "Prints the version and the commit that it was built from.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class VersionCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println(Version.text());
        return 0;
    }
}
