/** The gateway of a node and its settings. Starting the gateway binds the HTTP port. Runs on the caller's thread. */
@NullMarked
package org.rotunda.gateway;

import org.jspecify.annotations.NullMarked;
