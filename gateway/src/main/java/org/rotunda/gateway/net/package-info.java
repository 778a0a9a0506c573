/** IP addresses and ranges of them, for lists in the configuration. */
@NullMarked
package org.rotunda.gateway.net;

import org.jspecify.annotations.NullMarked;
