package org.rotunda.load.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.client.Ports;
import org.rotunda.load.client.ProductCommand;
import org.rotunda.load.client.Tokens;

/**
 * The node under media. It runs {@code rotunda dev} from the build, in its own process with a fresh database. Main
 * thread only.
 */
final class BenchNode implements BenchServer {
    private static final int CREATED = 201;
    /** The limit of a subscriber. It is far above what any scenario sends, because the default would thin a mesh out. */
    private static final int SUBSCRIPTION_BPS = 1_000_000_000;

    private static final Pattern SEGMENTATION = Pattern.compile("media loops from .*segmentation=(true|false)");

    private final BenchOptions options;
    private final int httpPort;
    private final MeasuredNode node;

    private BenchNode(BenchOptions options, MeasuredNode node, int httpPort) {
        this.options = options;
        this.node = node;
        this.httpPort = httpPort;
    }

    /** Starts a node and returns when it is ready. */
    static BenchNode start(BenchOptions options, Path directory) throws IOException {
        Files.createDirectories(directory);
        int httpPort = Ports.free();
        int managementPort = Ports.free();
        List<String> command = command(options, directory, httpPort, managementPort);
        return new BenchNode(
                options, MeasuredNode.start(options.jdk(), command, Map.of(), managementPort, directory), httpPort);
    }

    private static List<String> command(BenchOptions options, Path directory, int httpPort, int managementPort) {
        List<String> command = new ArrayList<>();
        command.add(options.jdk().java().toString());
        if (options.recording()) {
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + directory.resolve("node.jfr").toAbsolutePath());
        }
        if (options.profiling()) { // Without these options, the profiler finds wrong frames for many samples.
            command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"));
        }
        command.addAll(ProductCommand.of(
                options.top().resolve("cluster-node/target/rotunda"),
                options.jdk().feature()));
        command.add("dev");
        set(command, "rotunda.http.port", httpPort);
        set(command, "rotunda.management.port", managementPort);
        set(command, "rotunda.media.bind", MeasuredNode.HOST);
        set(command, "rotunda.media.port", 0);
        set(command, "rotunda.media.loops", options.loops());
        set(command, "rotunda.media.segmentation", options.segmentation());
        set(command, "rotunda.rooms.subscription-bitrate-max", SUBSCRIPTION_BPS);
        options.keys().forEach((key, value) -> set(command, key, value));
        return command;
    }

    private static void set(List<String> command, String key, Object value) {
        command.add("--set");
        command.add(key + "=" + value);
    }

    @Override
    public Door door(BotFleet fleet) {
        URI signaling = URI.create("ws://" + MeasuredNode.HOST + ":" + httpPort + "/signaling");
        return new NodeDoor(fleet, signaling, options.feedback(), options.channels());
    }

    @Override
    public void createRoom(String name, int participantsMax) {
        String form =
                "UniqueName=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&MaxParticipants=" + participantsMax;
        String credentials = Tokens.ACCOUNT + ":" + Tokens.AUTH_TOKEN;
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + MeasuredNode.HOST + ":" + httpPort + "/v1/Rooms"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(form));
        try {
            HttpResponse<String> answer = node.send(request);
            if (answer.statusCode() != CREATED) {
                throw new IllegalStateException("room " + name + " was not created: " + answer.body());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public NodeSample sample() throws IOException {
        return node.sample();
    }

    @Override
    public Map<Figure, Double> figures(NodeSample begin, NodeSample end) {
        return RunFigures.ofNode(begin, end);
    }

    /** Returns the bytes of all live objects; empty if the node's JDK has no {@code jcmd}. */
    @Override
    public OptionalDouble liveHeapBytes() throws IOException {
        return node.liveHeapBytes();
    }

    @Override
    public Optional<Profiler> profile() throws IOException {
        return Optional.of(node.profile());
    }

    /** Returns whether the node uses UDP segmentation offload, which it logs at its start. */
    @Override
    public boolean isSegmenting() throws IOException {
        Matcher line = SEGMENTATION.matcher(node.log());
        return line.find() && Boolean.parseBoolean(line.group(1));
    }

    /** Asks the node to stop, so that it writes its recording. Kills the node if it does not stop in time. */
    @Override
    public void close() {
        node.close();
    }
}
