/** The client's side of the Janus gateway, for comparisons: its REST interface and its plugin VideoRoom. */
@NullMarked
package org.rotunda.load.janus;

import org.jspecify.annotations.NullMarked;
