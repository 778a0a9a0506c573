/**
 * Matroska files of one track: a writer, a reader, and a repair (RFC 9559, RFC 8794). Any prefix of a file that the
 * writer makes is a file that players read, so a crash at any time leaves media behind. The classes are sans-IO. Each
 * object is owned by one thread.
 */
@NullMarked
package org.rotunda.record.matroska;

import org.jspecify.annotations.NullMarked;
