package org.rotunda.room.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.placement.MediaNodeLoad;

/** The media nodes of a fake cluster. A test can add and remove nodes. Usable from any thread. */
public final class FakeMediaNodes implements MediaNodes {
    private final Map<String, ActorRef<MediaNode.Command>> nodes = new ConcurrentSkipListMap<>();
    private final Map<String, Double> loads = new ConcurrentHashMap<>();

    public FakeMediaNodes(String id, ActorRef<MediaNode.Command> node) {
        add(id, node);
    }

    public void add(String id, ActorRef<MediaNode.Command> node) {
        nodes.put(id, node);
    }

    public void lose(String id) {
        nodes.remove(id);
    }

    /** Sets the load that the node reports from now on. */
    public void setLoad(String id, double load) {
        loads.put(id, load);
    }

    @Override
    public List<MediaNodeLoad> live() {
        return nodes.keySet().stream()
                .map(id -> new MediaNodeLoad(id, 0, false, loads.getOrDefault(id, 0.0)))
                .toList();
    }

    @Override
    public Optional<ActorRef<MediaNode.Command>> find(String nodeId) {
        return Optional.ofNullable(nodes.get(nodeId));
    }
}
