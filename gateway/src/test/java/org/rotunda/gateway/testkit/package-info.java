/** Stand-ins for tests of the gateway: rooms that do what a test says, and a signaling client. */
@NullMarked
package org.rotunda.gateway.testkit;

import org.jspecify.annotations.NullMarked;
