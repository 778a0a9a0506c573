/** Text of peers. The classes are pure and may be called from any thread. */
@NullMarked
package org.rotunda.media.text;

import org.jspecify.annotations.NullMarked;
