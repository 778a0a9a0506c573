package org.rotunda.media.router;

/**
 * The end, on another event loop, to which the packets of one track are handed over. The publisher's loop only passes it
 * along; it belongs to the loop that has made it.
 */
public interface RelayEnd {}
