package org.rotunda.record.plan;

/**
 * A recording in the mix.
 *
 * @param startMs where it begins in output time
 * @param endMs where it ends in output time
 */
public record Sound(String trackSid, String recordingSid, long startMs, long endMs) {}
