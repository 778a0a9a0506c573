package org.rotunda.room.mediaplane;

/** The event that a media node came or went in a process's view. Published on the event stream of that process. */
public record MediaNodesChanged() {}
