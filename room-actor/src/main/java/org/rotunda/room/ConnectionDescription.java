package org.rotunda.room;

import org.rotunda.media.control.Description;

/** A description and the peer connection it is about. */
public record ConnectionDescription(String connectionId, Description description) {}
