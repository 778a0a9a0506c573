package org.rotunda.room.protocol;

import org.rotunda.media.control.Description;

/** A description and the peer connection to which it belongs. */
public record ConnectionDescription(String connectionId, Description description) {}
