/**
 * STUN and TURN servers that clients are told, with credentials that expire. Pure: time is an argument.
 */
@NullMarked
package org.rotunda.gateway.turn;

import org.jspecify.annotations.NullMarked;
