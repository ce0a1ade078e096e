/**
 * What the dialects are built on. Public to them, not for users: it may change in every release.
 */
@NullMarked
package lox.sync.engine;

import org.jspecify.annotations.NullMarked;
