/** Tasks taken out of the slots that a lane has claimed, to run elsewhere than in the lane's thread. */
@NullMarked
package lox.sync.internal.claim;

import org.jspecify.annotations.NullMarked;
