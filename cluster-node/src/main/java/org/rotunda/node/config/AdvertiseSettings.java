package org.rotunda.node.config;

import com.typesafe.config.Config;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The keys {@code rotunda.media.advertise-…} and those under {@code rotunda.kubernetes}: how a node learns the addresses
 * at which clients reach its media loops.
 *
 * @param service the name of the Service; only with {@link Source#SERVICE}
 * @param timeout the time after which a node that does not know its addresses gives up
 * @param asksNode true if the address of the machine is asked of the API server, false if {@code nodeAddress} is taken
 * @param nodeName the name of the machine of this pod; empty if it is not known
 * @param nodeAddress the address of that machine inside of the cluster; empty if it is not known
 * @param namespace the namespace of this pod; if empty, the one in the folder of credentials
 * @param apiServer the URL of the API server, without a slash at the end
 * @param credentials the folder with the files {@code token}, {@code ca.crt} and {@code namespace}
 */
public record AdvertiseSettings(
        Source source,
        String service,
        Duration timeout,
        boolean asksNode,
        String nodeName,
        String nodeAddress,
        Optional<String> namespace,
        String apiServer,
        Path credentials) {
    private static final String KEY = "rotunda.media.advertise-from";
    private static final Pattern ORDINAL = Pattern.compile(".*-(\\d{1,5})");

    /** Where the addresses come from. */
    public enum Source {
        LIST,
        SERVICE,
        NODE,
        ORDINAL
    }

    public AdvertiseSettings {
        if (source == Source.NODE && asksNode && nodeName.isEmpty()) {
            throw new IllegalArgumentException(KEY + " = node needs rotunda.kubernetes.node-name, or"
                    + " rotunda.media.advertise-node = internal and rotunda.kubernetes.node-address");
        }
        if (source != Source.LIST && !asksNode && nodeAddress.isEmpty()) {
            throw new IllegalArgumentException(
                    "rotunda.media.advertise-node = internal needs rotunda.kubernetes.node-address");
        }
    }

    static AdvertiseSettings from(Config rotunda) {
        Config media = rotunda.getConfig("media");
        Config kubernetes = rotunda.getConfig("kubernetes");
        Source source = Source.valueOf(media.getString("advertise-from").toUpperCase(Locale.ROOT));
        if (source != Source.LIST && !media.getStringList("advertise").isEmpty()) {
            throw new IllegalArgumentException(
                    "rotunda.media.advertise and " + KEY + " are both set; set only one of them");
        }
        String service = media.getString("advertise-service");
        return new AdvertiseSettings(
                source,
                source == Source.SERVICE && service.isEmpty() ? podName(kubernetes) : service,
                media.getDuration("advertise-timeout"),
                media.getString("advertise-node").equals("external"),
                kubernetes.getString("node-name"),
                kubernetes.getString("node-address"),
                Optional.of(kubernetes.getString("namespace")).filter(name -> !name.isEmpty()),
                apiServer(kubernetes.getString("api-server"), System.getenv()),
                Path.of(kubernetes.getString("credentials")));
    }

    /** Returns the URL of the API server; empty if neither the configuration nor Kubernetes names one. */
    private static String apiServer(String configured, Map<String, String> environment) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        if (!configured.isEmpty() || host.isEmpty()) {
            return configured;
        }
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static String podName(Config kubernetes) {
        String configured = kubernetes.getString("pod-name");
        if (!configured.isEmpty()) {
            return configured;
        }
        try {
            return InetAddress.getLocalHost().getHostName(); // Kubernetes gives a pod its name as host name.
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException(
                    "rotunda.kubernetes.pod-name is empty, and this host does not know its name", unknown);
        }
    }

    /**
     * Returns the addresses of a pod from its number: the first port is that of {@code advertise-first}, and each pod
     * before it takes one port for each loop.
     *
     * @throws IllegalArgumentException if the keys do not give an address for each loop
     */
    static List<String> byOrdinal(Config rotunda, int loops) {
        String first = rotunda.getString("media.advertise-first");
        if (first.isEmpty()) {
            throw new IllegalArgumentException(KEY + " = ordinal needs rotunda.media.advertise-first");
        }
        String pod = podName(rotunda.getConfig("kubernetes"));
        Matcher name = ORDINAL.matcher(pod);
        if (!name.matches()) {
            throw new IllegalArgumentException(KEY + " = ordinal needs a pod whose name ends with its number, such as"
                    + " media-0: rotunda.kubernetes.pod-name is " + pod);
        }
        Endpoint start = Endpoint.parse(first);
        long port = start.port() + (long) Integer.parseInt(name.group(1)) * loops;
        if (port + loops - 1 > Endpoint.PORT_MAX) {
            throw new IllegalArgumentException(
                    KEY + " = ordinal gives " + pod + " the ports " + port + " and up, which do not exist");
        }
        return IntStream.range(0, loops)
                .mapToObj(loop -> new Endpoint(start.host(), (int) port + loop).toString())
                .toList();
    }
}
