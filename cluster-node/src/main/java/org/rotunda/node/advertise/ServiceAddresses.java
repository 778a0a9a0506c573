package org.rotunda.node.advertise;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the address of a pod from its Service, an object of the Kubernetes API. Pure.
 *
 * @param address what the Service says of its address: an IP address, a name, or nothing
 * @param ports the port of each loop outside of the cluster, in order
 */
record ServiceAddresses(Kind kind, String address, List<Integer> ports) {
    /** The types of Services that are reached from outside. */
    enum Kind {
        /** The Service has an address of its own. */
        LOAD_BALANCER,
        /** The Service is reached at the machine of its pod. */
        NODE_PORT
    }

    ServiceAddresses {
        ports = List.copyOf(ports);
    }

    /** The Service cannot be used, or not yet. */
    static final class NotUsable extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Lookup lookup;

        private NotUsable(Lookup lookup) {
            this.lookup = lookup;
        }

        Lookup lookup() {
            return lookup;
        }
    }

    /**
     * Reads a Service.
     *
     * @param name the name of the Service, for messages
     * @param loops the number of media loops; the Service names a port for each
     * @throws NotUsable if the Service has no address yet, or does not fit this node
     */
    static ServiceAddresses read(String name, JsonNode service, int loops) throws NotUsable {
        String type = service.path("spec").path("type").asText("ClusterIP");
        return switch (type) {
            case "LoadBalancer" -> {
                List<Integer> ports = ports(name, service, loops, "port");
                JsonNode ingress = service.path("status")
                        .path("loadBalancer")
                        .path("ingress")
                        .path(0);
                String address =
                        ingress.path("ip").asText(ingress.path("hostname").asText());
                if (address.isEmpty()) {
                    throw new NotUsable(
                            new Lookup.Missing("the load balancer of Service " + name + " has no address yet"));
                }
                yield new ServiceAddresses(Kind.LOAD_BALANCER, address, ports);
            }
            case "NodePort" -> new ServiceAddresses(Kind.NODE_PORT, "", ports(name, service, loops, "nodePort"));
            default ->
                throw new NotUsable(new Lookup.Missing("Service " + name + " has the type " + type
                        + ", which nobody outside of the cluster reaches; LoadBalancer and NodePort can be used"));
        };
    }

    private static List<Integer> ports(String name, JsonNode service, int loops, String field) throws NotUsable {
        List<Integer> ports = new ArrayList<>();
        for (int loop = 0; loop < loops; loop++) {
            for (JsonNode port : service.path("spec").path("ports")) {
                if (port.path("name").asText().equals("media-" + loop)
                        && port.path("protocol").asText("TCP").equals("UDP")
                        && port.path(field).asInt() > 0) {
                    ports.add(port.path(field).asInt());
                    break;
                }
            }
        }
        if (ports.size() < loops) {
            throw new NotUsable(new Lookup.Unusable("Service " + name + " names " + ports.size() + " of " + loops
                    + " ports: it needs the UDP ports media-0 to media-" + (loops - 1)));
        }
        return ports;
    }
}
