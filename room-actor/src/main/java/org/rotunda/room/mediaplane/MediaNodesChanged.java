package org.rotunda.room.mediaplane;

/** Published on the event stream of a process when a media node came or went in its view. */
public record MediaNodesChanged() {}
