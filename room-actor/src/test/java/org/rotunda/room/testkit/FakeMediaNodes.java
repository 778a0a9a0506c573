package org.rotunda.room.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.mediaplane.MediaNodesChanged;
import org.rotunda.room.placement.MediaNodeLoad;

/** The media nodes of a fake cluster. A test can add and remove nodes. Usable from any thread. */
public final class FakeMediaNodes implements MediaNodes {
    private final Map<String, ActorRef<MediaNode.Command>> nodes = new ConcurrentSkipListMap<>();
    private final Map<String, Double> loads = new ConcurrentHashMap<>();
    private final Set<String> undeliverable = ConcurrentHashMap.newKeySet();
    private final Set<String> came = new ConcurrentSkipListSet<>();
    private final Set<String> went = new ConcurrentSkipListSet<>();

    public FakeMediaNodes(String id, ActorRef<MediaNode.Command> node) {
        add(id, node);
    }

    public void add(String id, ActorRef<MediaNode.Command> node) {
        nodes.put(id, node);
        came.add(id);
    }

    public void lose(String id) {
        nodes.remove(id);
        went.add(id);
    }

    /** Returns the changes since the previous call. A node that went and came back is in both sets. */
    public MediaNodesChanged takeChanges() {
        MediaNodesChanged changes = new MediaNodesChanged(came, went);
        came.clear();
        went.clear();
        return changes;
    }

    /** Sets the load that the node reports from now on. */
    public void setLoad(String id, double load) {
        loads.put(id, load);
    }

    /**
     * Makes every delivery of a command to this node throw an exception, like a defect in the work for the members on
     * this node.
     */
    public void failAtDelivery(String id) {
        undeliverable.add(id);
    }

    private static boolean isDelivery() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("deliver")));
    }

    @Override
    public List<MediaNodeLoad> live() {
        return nodes.keySet().stream()
                .map(id -> new MediaNodeLoad(id, 0, false, loads.getOrDefault(id, 0.0)))
                .toList();
    }

    @Override
    public Optional<ActorRef<MediaNode.Command>> find(String nodeId) {
        if (undeliverable.contains(nodeId) && isDelivery()) {
            throw new IllegalStateException("the test wants this delivery to fail: " + nodeId);
        }
        return Optional.ofNullable(nodes.get(nodeId));
    }
}
