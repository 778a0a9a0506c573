package org.rotunda.node.advertise;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.node.config.AdvertiseSettings;
import org.rotunda.node.config.AdvertiseSettings.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches for the addresses of the media loops by asking the API server of Kubernetes. Blocks; used by one thread at a
 * time.
 */
public final class AddressLookup implements Supplier<Lookup> {
    private static final Logger LOG = LoggerFactory.getLogger(AddressLookup.class);

    private final AdvertiseSettings settings;
    private final MediaSettings media;
    private final KubernetesApi api;
    private String chosen = ""; // The address that was taken last of those that a name has.
    private boolean toldOfInternal;

    public AddressLookup(AdvertiseSettings settings, MediaSettings media) {
        this.settings = settings;
        this.media = media;
        this.api = new KubernetesApi(settings.apiServer(), settings.credentials());
    }

    /** An object that cannot be used, or is not there, as the answer to give. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Lookup lookup;

        Refused(String missing) {
            this.lookup = new Lookup.Missing(missing);
        }
    }

    @Override
    public Lookup get() {
        try {
            return settings.source() == Source.SERVICE ? byService() : at(nodeAddress(), boundPorts());
        } catch (ServiceAddresses.NotUsable notUsable) {
            return notUsable.lookup();
        } catch (Refused refused) {
            return refused.lookup;
        } catch (IOException failure) {
            return new Lookup.Missing(String.valueOf(failure.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Lookup.Missing("the question was interrupted");
        }
    }

    private Lookup byService() throws IOException, InterruptedException, Refused, ServiceAddresses.NotUsable {
        String namespace = namespace();
        JsonNode object = ask(
                "/api/v1/namespaces/" + encoded(namespace) + "/services/" + encoded(settings.service()),
                "Service " + settings.service() + " in namespace " + namespace,
                "services");
        ServiceAddresses service = ServiceAddresses.read(settings.service(), object, media.loops());
        return switch (service.kind()) {
            case LOAD_BALANCER -> at(resolve(service.address()), service.ports());
            case NODE_PORT -> at(nodeAddress(), service.ports());
        };
    }

    private String namespace() throws IOException, Refused {
        if (settings.namespace().isPresent()) {
            return settings.namespace().get();
        }
        Path file = settings.credentials().resolve("namespace");
        if (!Files.isReadable(file)) {
            throw new Refused("the namespace of this pod is not known: there is no file " + file);
        }
        return Files.readString(file).strip();
    }

    private List<Integer> boundPorts() {
        return IntStream.range(media.port(), media.port() + media.loops())
                .boxed()
                .toList();
    }

    /** Returns the address of this pod's machine, in the family of the media sockets. */
    private String nodeAddress() throws IOException, InterruptedException, Refused {
        if (!settings.asksNode()) {
            return settings.nodeAddress();
        }
        JsonNode node = ask("/api/v1/nodes/" + encoded(settings.nodeName()), "Node " + settings.nodeName(), "nodes");
        Optional<String> external = address(node, "ExternalIP");
        if (external.isPresent()) {
            return external.get();
        }
        String internal = address(node, "InternalIP")
                .orElseThrow(() -> new Refused(
                        "Node " + settings.nodeName() + " has no address of the family of " + media.bind()));
        if (!toldOfInternal) {
            toldOfInternal = true;
            LOG.warn(
                    "Node {} has no external address; clients are told its internal address {}",
                    settings.nodeName(),
                    internal);
        }
        return internal;
    }

    private Optional<String> address(JsonNode node, String type) {
        Stream<JsonNode> addresses =
                StreamSupport.stream(node.path("status").path("addresses").spliterator(), false);
        return addresses
                .filter(address -> address.path("type").asText().equals(type))
                .map(address -> address.path("address").asText())
                .filter(address -> address.contains(":") == isSixth())
                .findFirst();
    }

    /** Returns an address of a load balancer, which may have a name: a client can only be told addresses. */
    private String resolve(String host) throws Refused {
        List<String> addresses;
        try {
            addresses = Arrays.stream(InetAddress.getAllByName(host))
                    .filter(address -> (address instanceof Inet6Address) == isSixth())
                    .sorted((one, other) -> Arrays.compareUnsigned(one.getAddress(), other.getAddress()))
                    .map(InetAddress::getHostAddress)
                    .toList();
        } catch (UnknownHostException unknown) {
            throw new Refused("the name of the load balancer, " + host + ", has no address yet");
        }
        if (addresses.isEmpty()) {
            throw new Refused("the load balancer " + host + " has no address of the family of " + media.bind());
        }
        if (!addresses.contains(chosen)) {
            chosen = addresses.get(0);
            if (addresses.size() > 1) {
                LOG.warn("The load balancer {} has the addresses {}; clients are told {}", host, addresses, chosen);
            }
        }
        return chosen;
    }

    /** Returns whether the media sockets have an address of IPv6. */
    private boolean isSixth() {
        return media.bind().contains(":");
    }

    private static Lookup at(String address, List<Integer> ports) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        return new Lookup.Found(ports.stream().map(port -> host + ":" + port).toList());
    }

    private JsonNode ask(String path, String object, String resource)
            throws IOException, InterruptedException, Refused {
        if (settings.apiServer().isEmpty()) {
            throw new Refused("this is no pod of Kubernetes: neither rotunda.kubernetes.api-server nor the variable"
                    + " KUBERNETES_SERVICE_HOST names an API server");
        }
        KubernetesApi.Answer answer = api.get(path);
        return switch (answer.status()) {
            case 200 -> answer.object();
            case 401 -> throw new Refused("the API server does not accept the token of this pod (401)");
            case 403 ->
                throw new Refused("this pod's ServiceAccount may not read " + object + " (403): its role needs the verb"
                        + " get for " + resource);
            case 404 -> throw new Refused("there is no " + object);
            default ->
                throw new Refused("the API server answered the question for " + object + " with " + answer.status());
        };
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
