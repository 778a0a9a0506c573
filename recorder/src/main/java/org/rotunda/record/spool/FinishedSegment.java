package org.rotunda.record.spool;

import java.nio.file.Path;

/** A segment that is complete on the disk, ready for the store. */
public record FinishedSegment(Sidecar sidecar, Path file, long bytes, String sha256) {}
