/** What the tests of replication share: time that moves when told to, and data that is a small map. */
@NullMarked
package io.registry.distro.testkit;

import org.jspecify.annotations.NullMarked;
