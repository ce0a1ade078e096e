/** What the adapters' operators over locks share. */
@NullMarked
package lox.sync.internal.lock;

import org.jspecify.annotations.NullMarked;
