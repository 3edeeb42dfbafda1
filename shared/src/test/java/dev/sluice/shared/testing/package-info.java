/** What the tests of every module share: the build's gates and the real servers tests run against. */
@NullMarked
package dev.sluice.shared.testing;

import org.jspecify.annotations.NullMarked;
