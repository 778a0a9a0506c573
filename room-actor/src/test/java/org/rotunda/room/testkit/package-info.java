/**
 * Helpers for tests of rooms and of the modules above them: a media router without media, a clock that tests move, and
 * ready-made values.
 */
@NullMarked
package org.rotunda.room.testkit;

import org.jspecify.annotations.NullMarked;
