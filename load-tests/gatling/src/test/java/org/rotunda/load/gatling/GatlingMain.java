package org.rotunda.load.gatling;

import io.gatling.app.Gatling;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.rotunda.load.bench.Commit;

/**
 * The command {@code bin/rotunda gatling SIMULATION}. Starts Gatling with a description of the run, which its report
 * shows: commit, JDK, address and load.
 */
public final class GatlingMain {
    private static final int USAGE_STATUS = 2;
    private static final Map<String, Supplier<String>> LOADS = Map.of(
            "RestMix", RestMixSimulation::load,
            "JoinStorm", JoinStormSimulation::load,
            "ReconnectStorm", ReconnectStormSimulation::load);

    private GatlingMain() {}

    /** Runs the simulation, and ends the process with Gatling's status. */
    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "org/rotunda/load/logback-tools.xml");
        Path top =
                Path.of(System.getProperty("rotunda.top", ".")).toAbsolutePath().normalize();
        Supplier<String> load = arguments.length == 1 ? LOADS.get(arguments[0]) : null;
        if (load == null) {
            System.err.println("rotunda gatling: the simulations are RestMix, JoinStorm and ReconnectStorm");
            System.exit(USAGE_STATUS);
            return;
        }
        String description = arguments[0] + ": " + load.get() + " at " + Target.url() + ", commit " + Commit.of(top)
                + ", JDK " + Runtime.version();
        System.out.println(description);
        Gatling.main(new String[] {
            "--simulation",
            GatlingMain.class.getPackageName() + "." + arguments[0] + "Simulation",
            "--results-folder",
            top.resolve("load-tests/gatling/target/gatling").toString(),
            "--run-description",
            description
        });
    }
}
