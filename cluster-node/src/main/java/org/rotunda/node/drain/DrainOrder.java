package org.rotunda.node.drain;

import java.time.Duration;
import java.util.Optional;

/**
 * An order of an operator to drain a node.
 *
 * @param within the time limit; empty for that of the configuration
 * @param stop true if the process is to stop after the drain
 * @param force true to drain also the only node with a role
 */
public record DrainOrder(Optional<Duration> within, boolean stop, boolean force) {}
