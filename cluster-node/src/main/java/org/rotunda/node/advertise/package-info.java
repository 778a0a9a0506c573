/**
 * How a media pod on Kubernetes learns the addresses at which clients reach it. Questions to the API server block their
 * thread; the actor that asks them runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.node.advertise;

import org.jspecify.annotations.NullMarked;
