/**
 * The commands that administer a running node over its REST API. They start no node, so they can run on any machine
 * that reaches a gateway.
 */
@NullMarked
package org.rotunda.node.client;

import org.jspecify.annotations.NullMarked;
