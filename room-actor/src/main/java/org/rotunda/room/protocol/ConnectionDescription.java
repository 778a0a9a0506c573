package org.rotunda.room.protocol;

import org.rotunda.media.control.Description;

/** A description and the peer connection it is about. */
public record ConnectionDescription(String connectionId, Description description) {}
