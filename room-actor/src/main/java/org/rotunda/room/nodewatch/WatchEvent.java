package org.rotunda.room.nodewatch;

/** What a node finds out about itself and the others; each is published on the event stream of its process. */
public sealed interface WatchEvent
        permits NodeLost, NodeBack, NodePaused, MediaNodeSilent, MediaNodeHeard, FenceChanged, Expelled {}
