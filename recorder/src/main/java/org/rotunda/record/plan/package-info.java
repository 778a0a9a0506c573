/**
 * From recordings of a room to the plan of a composition: which stretches of time are kept, which cell shows which
 * source when, where each picture lies, and in which pieces the work is done. Everything here is pure and callable from
 * any thread; {@code docs/compositions.md} has the rules. Room time is counted in milliseconds from the start of the
 * room, output time from the start of the composition.
 */
@NullMarked
package org.rotunda.record.plan;

import org.jspecify.annotations.NullMarked;
