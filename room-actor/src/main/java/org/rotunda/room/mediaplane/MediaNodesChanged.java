package org.rotunda.room.mediaplane;

/**
 * The event that this process's view has gained or lost a media node. Published on the event stream of this process.
 */
public record MediaNodesChanged() {}
