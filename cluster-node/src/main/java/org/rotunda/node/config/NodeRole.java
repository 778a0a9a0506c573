package org.rotunda.node.config;

import java.util.Locale;
import java.util.Set;

/** A kind of work that a node does. The names of the roles are also the node's cluster roles. */
public enum NodeRole {
    GATEWAY,
    ROOM,
    MEDIA;

    /** The roles that use the database. A node with the role media alone opens none. */
    public static final Set<NodeRole> DATABASE_USERS = Set.of(GATEWAY, ROOM);

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static NodeRole of(String name) {
        for (NodeRole role : values()) {
            if (role.wireName().equals(name)) {
                return role;
            }
        }
        throw new IllegalArgumentException("rotunda.node.roles may name gateway, room and media, not: " + name);
    }
}
