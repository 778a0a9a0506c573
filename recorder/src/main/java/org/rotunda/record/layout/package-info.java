/**
 * What a composition is asked to show: the layout in JSON, patterns that name sources, resolution and format. This
 * package reads these parameters strictly and says what is wrong with them. Everything here is pure and callable from
 * any thread. {@code docs/compositions.md} has the rules.
 */
@NullMarked
package org.rotunda.record.layout;

import org.jspecify.annotations.NullMarked;
