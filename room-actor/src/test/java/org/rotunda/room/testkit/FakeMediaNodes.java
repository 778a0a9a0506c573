package org.rotunda.room.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** Returns the changes since the last call. A node that went and came back is in both sets. */
    public MediaNodesChanged takeChanges() {
        MediaNodesChanged changes = new MediaNodesChanged(came, went);
        came.clear();
        went.clear();
        return changes;
    }

    @Override
    public List<MediaNodeLoad> live() {
        return nodes.keySet().stream()
                .map(id -> new MediaNodeLoad(id, 0, false))
                .toList();
    }

    @Override
    public Optional<ActorRef<MediaNode.Command>> find(String nodeId) {
        return Optional.ofNullable(nodes.get(nodeId));
    }
}
