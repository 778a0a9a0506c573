package org.rotunda.room.nodewatch;

import java.util.Comparator;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * The id of one process in the cluster: its address, and a number that is new with every start. Ids are ordered by
 * address, as the split-brain resolver orders members.
 */
public record NodeId(String host, int port, long uid) implements Comparable<NodeId> {
    private static final Comparator<NodeId> ORDER =
            Comparator.comparing(NodeId::host).thenComparingInt(NodeId::port).thenComparingLong(NodeId::uid);

    /**
     * Returns the id of a process.
     *
     * @param address the address under which other nodes reach the process's actor system
     * @param uid the number of the process's actor system, new with every start
     */
    public static NodeId of(Address address, long uid) {
        return new NodeId(
                address.getHost().orElseThrow(() -> new IllegalArgumentException("no address of a node: " + address)),
                address.getPort().orElse(0),
                uid);
    }

    /** Returns the id of a member of the cluster. */
    public static NodeId of(UniqueAddress member) {
        return of(member.address(), member.longUid());
    }

    /** Returns whether an actor with this address lives at this node. */
    public boolean isAt(Address address) {
        return address.getHost().filter(host::equals).isPresent()
                && address.getPort().filter(other -> other == port).isPresent();
    }

    /** Returns whether the other id belongs to another process that was started at the same address. */
    boolean isAnotherStartOf(NodeId other) {
        return uid != other.uid && port == other.port && host.equals(other.host);
    }

    @Override
    public int compareTo(NodeId other) {
        return ORDER.compare(this, other);
    }

    /** Returns the id as text. Different ids have different texts, so messages may carry the text in place of the id. */
    @Override
    public String toString() {
        return host + ":" + port + "#" + Long.toHexString(uid);
    }
}
