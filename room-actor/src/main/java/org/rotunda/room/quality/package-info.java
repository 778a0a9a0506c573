/**
 * The network quality level of each participant: from 5, which is enough for everything that is sent, to 1. Pure: time
 * is an argument. {@code docs/network-quality.md} explains the computation.
 */
@NullMarked
package org.rotunda.room.quality;

import org.jspecify.annotations.NullMarked;
