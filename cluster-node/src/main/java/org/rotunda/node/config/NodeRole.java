package org.rotunda.node.config;

import java.util.Locale;

/** A kind of work that a node does. The names of the roles are also the node's cluster roles. */
public enum NodeRole {
    GATEWAY,
    ROOM,
    MEDIA;

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
