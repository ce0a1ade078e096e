/** {@link lox.timeline.Timeline}: a picture of a run, as an HTML page or as a Chrome trace. */
@NullMarked
package lox.timeline;

import org.jspecify.annotations.NullMarked;
