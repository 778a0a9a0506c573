package org.rotunda.record.plan;

/** The time, in room time, in which a cell belongs to a source. */
record Showing(Source source, int cell, long startMs, long endMs) {}
