package org.rotunda.node.config;

import java.util.Locale;

/** What a node does; the names are also its cluster roles. */
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
        throw new IllegalArgumentException("rotunda.node.roles knows gateway, room and media, not: " + name);
    }
}
