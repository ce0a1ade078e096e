/** The contract of Announcement, in every library. */
@NullMarked
package lox.contract.hot;

import org.jspecify.annotations.NullMarked;
