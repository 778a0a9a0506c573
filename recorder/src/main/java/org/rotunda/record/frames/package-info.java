/**
 * From packets to the frames of a file: payload descriptors are taken off, frames are put together, and after a loss
 * nothing passes that a decoder could not decode (RFC 7741, RFC 6184, RFC 7587). Sans-IO; owned by the event loop of
 * the link.
 */
@NullMarked
package org.rotunda.record.frames;

import org.jspecify.annotations.NullMarked;
