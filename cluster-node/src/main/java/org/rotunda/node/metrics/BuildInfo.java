package org.rotunda.node.metrics;

/**
 * The program that a node runs. The metrics of the node show it.
 *
 * @param version the version of Rotunda
 * @param commit the commit that the program was built from; it ends in {@code -dirty} if files differed from the
 *     commit, and is {@code unknown} without git
 * @param jdk the version of the JDK that runs the program
 */
public record BuildInfo(String version, String commit, String jdk) {}
