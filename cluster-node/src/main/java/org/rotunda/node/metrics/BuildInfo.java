package org.rotunda.node.metrics;

/**
 * The program that a node runs, for its metrics.
 *
 * @param version of Rotunda
 * @param commit that it was built from, with {@code -dirty} after it if files differed; {@code unknown} without git
 * @param jdk that runs it
 */
public record BuildInfo(String version, String commit, String jdk) {}
