/**
 * The link between a media node and a recorder: its frames as bytes, and the machine of both ends. Sans-IO; each object
 * is owned by one event loop.
 */
@NullMarked
package org.rotunda.media.tap;

import org.jspecify.annotations.NullMarked;
