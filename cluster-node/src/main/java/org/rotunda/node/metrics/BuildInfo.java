package org.rotunda.node.metrics;

/**
 * The program that a node runs, for its metrics.
 *
 * @param version the version of Rotunda
 * @param commit the commit that the program was built from, with {@code -dirty} after it if files differed;
 *     {@code unknown} without git
 * @param jdk the JDK that runs the program
 */
public record BuildInfo(String version, String commit, String jdk) {}
